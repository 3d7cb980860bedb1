import type { Probe } from '../../probe.ts';
import { certificate } from './certificate.ts';
import { handshake } from './handshake.ts';

export const TLS_PROBES: readonly Probe[] = [handshake, certificate];
