import type { Probe } from '../../probe.ts';
import { trailingSlash } from './trailing-slash.ts';

export const EDGE_PROBES: readonly Probe[] = [trailingSlash];
