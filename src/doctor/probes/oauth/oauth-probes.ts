import type { Probe } from '../../probe.ts';
import { authorizationServerEdge } from './authorization-server-edge.ts';
import { beyondSignIn } from './beyond-sign-in.ts';
import { pointer } from './pointer.ts';

export const OAUTH_PROBES: readonly Probe[] = [authorizationServerEdge, pointer, beyondSignIn];
