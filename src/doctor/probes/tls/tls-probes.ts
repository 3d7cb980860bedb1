import type { Probe } from '../../probe.ts';
import { certificateChain } from './certificate-chain.ts';

export const TLS_PROBES: readonly Probe[] = [certificateChain];
