import type { Probe } from '../../probe.ts';
import { pointer } from './pointer.ts';

export const OAUTH_PROBES: readonly Probe[] = [pointer];
