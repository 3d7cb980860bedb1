import type { Probe } from '../../probe.ts';
import { listedTools } from './listed-tools.ts';

export const TOOLS_PROBES: readonly Probe[] = [listedTools];
