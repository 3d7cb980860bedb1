/** Rows 98, 99 and 100: what tools that only read answer. */
import { exchanged, fact } from '../../evidence.ts';
import { readOnlyCalls, type ToolCalled } from '../../observations/read-only-calls.ts';
import type { Probe, Sighting } from '../../probe.ts';

/** Where Claude cuts results. */
const MAX_CHARS = 150_000;
/** The words in which servers refuse a result of their own tool. */
const REFUSED_BY_SERVER = /output ?schema.{0,80}structured ?content|structured ?content.{0,80}output ?schema/i;

function isWithoutStructure({ tool, answer }: ToolCalled): boolean {
  if (!('outputSchema' in tool)) return false;
  const { result, error } = answer;
  if (error !== undefined) return REFUSED_BY_SERVER.test(error.message);
  if (result === undefined || (result['resultType'] ?? 'complete') !== 'complete') return false;
  if (result['isError'] === true) return REFUSED_BY_SERVER.test(JSON.stringify(result['content']));
  return result['structuredContent'] === undefined;
}

function isMaskedError({ answer: { result } }: ToolCalled): boolean {
  return result?.['isError'] === true && result['structuredContent'] !== undefined;
}

function sizeOf({ answer: { result } }: ToolCalled): number {
  return result === undefined ? 0 : JSON.stringify(result).length;
}

function sighting(row: number, calls: readonly ToolCalled[]): readonly Sighting[] {
  const [first, ...rest] = calls;
  if (first === undefined) return [];
  const others = [...new Set(rest.map(({ name }) => name))].filter(name => name !== first.name);
  const note = others.length === 0 ? undefined : `Also of: ${others.join(', ')}.`;
  return [{ row, evidence: [exchanged(first.exchange)], ...(note !== undefined && { note }) }];
}

export const toolResults: Probe = {
  name: 'results of tools that only read',
  stage: 'tools',
  rows: [98, 99, 100],
  needs: ['write', 'mcp'],
  async run(examination) {
    const calls = await readOnlyCalls(examination);
    const large = calls.filter(call => sizeOf(call) > MAX_CHARS);
    return [
      ...sighting(98, calls.filter(isWithoutStructure)),
      ...sighting(99, calls.filter(isMaskedError)),
      ...sighting(100, large).map(seen => ({
        ...seen,
        evidence: large.map(call => fact(`'${call.name}' returned ${sizeOf(call)} characters`)),
      })),
    ];
  },
};
