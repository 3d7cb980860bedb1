import type { Probe } from '../../probe.ts';
import { toolNames } from './tool-names.ts';

export const TOOLS_PROBES: readonly Probe[] = [toolNames];
