import type { Probe } from '../../probe.ts';
import { port } from './port.ts';
import { publicAddresses } from './public-addresses.ts';

export const ADDRESS_PROBES: readonly Probe[] = [publicAddresses, port];
