import type { Probe } from '../../probe.ts';
import { authorizationServerEdge } from './authorization-server-edge.ts';
import { beyondSignIn } from './beyond-sign-in.ts';
import { deadEnd } from './dead-end.ts';
import { issuerIdentity } from './issuer-identity.ts';
import { metadataWithoutSignIn } from './metadata-without-sign-in.ts';
import { pointer } from './pointer.ts';
import { publicUrls } from './public-urls.ts';
import { resourceIdentity } from './resource-identity.ts';
import { resourceMetadataPlaces } from './resource-metadata-places.ts';
import { rootEndpoints } from './root-endpoints.ts';
import { serverAbilities } from './server-abilities.ts';
import { serverOrder } from './server-order.ts';

export const OAUTH_PROBES: readonly Probe[] = [
  authorizationServerEdge,
  pointer,
  metadataWithoutSignIn,
  resourceMetadataPlaces,
  resourceIdentity,
  publicUrls,
  deadEnd,
  serverOrder,
  issuerIdentity,
  rootEndpoints,
  serverAbilities,
  beyondSignIn,
];
