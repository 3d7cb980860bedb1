import { TOOLS } from '../kit/healthy-mcp.ts';
import { type PlantedFault, planted } from '../kit/planted-fault.ts';

function renamed(name: string): readonly object[] {
  return [{ ...TOOLS[0], name }, ...TOOLS.slice(1)];
}

export const TOOLS_FAULTS: readonly PlantedFault[] = [
  planted(90, 'a dot in a name', { tools: renamed('files.read') }),
  planted(90, 'a name of 65 characters', { tools: renamed('a'.repeat(65)) }),
];
