import type { Probe } from '../../probe.ts';
import { getStreamAnswer } from './get-stream.ts';
import { strictAccept } from './strict-accept.ts';

export const MCP_PROBES: readonly Probe[] = [getStreamAnswer, strictAccept];
