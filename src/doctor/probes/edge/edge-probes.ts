import type { Probe } from '../../probe.ts';
import { accessProxy } from './access-proxy.ts';
import { basicAuthentication } from './basic-authentication.ts';
import { bodyInspection } from './body-inspection.ts';
import { bodyLimit } from './body-limit.ts';
import { botChallenge } from './bot-challenge.ts';
import { browserClients } from './browser-clients.ts';
import { endpointPlace } from './endpoint-place.ts';
import { framing } from './framing.ts';
import { heldStreams } from './held-streams.ts';
import { hostGuard } from './host-guard.ts';
import { idleStreams } from './idle-streams.ts';
import { originGuard } from './origin-guard.ts';
import { rateLimit } from './rate-limit.ts';
import { redirects } from './redirects.ts';
import { strippedAuthorization } from './stripped-authorization.ts';
import { trailingSlash } from './trailing-slash.ts';
import { userAgents } from './user-agents.ts';

export const EDGE_PROBES: readonly Probe[] = [
  redirects,
  trailingSlash,
  accessProxy,
  basicAuthentication,
  hostGuard,
  originGuard,
  botChallenge,
  userAgents,
  endpointPlace,
  framing,
  strippedAuthorization,
  heldStreams,
  browserClients,
  // The order of those that come last: what a firewall may answer with a ban comes behind all others.
  idleStreams,
  bodyLimit,
  rateLimit,
  bodyInspection,
];
