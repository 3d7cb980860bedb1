import type { Probe } from '../../probe.ts';
import { strictAccept } from './strict-accept.ts';

export const MCP_PROBES: readonly Probe[] = [strictAccept];
