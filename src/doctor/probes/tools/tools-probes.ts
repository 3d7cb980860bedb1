import type { Probe } from '../../probe.ts';
import { listedTools } from './listed-tools.ts';
import { toolResults } from './tool-results.ts';

export const TOOLS_PROBES: readonly Probe[] = [listedTools, toolResults];
