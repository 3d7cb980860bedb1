import type { Probe } from '../../probe.ts';
import { authorizationServerEdge } from './authorization-server-edge.ts';
import { beyondSignIn } from './beyond-sign-in.ts';
import { clientDocuments } from './client-documents.ts';
import { clientRegistration } from './client-registration.ts';
import { consentPage } from './consent-page.ts';
import { deadEnd } from './dead-end.ts';
import { deadRefreshToken } from './dead-refresh-token.ts';
import { issuerIdentity } from './issuer-identity.ts';
import { latency } from './latency.ts';
import { loopbackPort } from './loopback-port.ts';
import { metadataWithoutSignIn } from './metadata-without-sign-in.ts';
import { missingScope } from './missing-scope.ts';
import { pointer } from './pointer.ts';
import { publicUrls } from './public-urls.ts';
import { refusedToken } from './refused-token.ts';
import { resourceIdentity } from './resource-identity.ts';
import { resourceMetadataPlaces } from './resource-metadata-places.ts';
import { rootEndpoints } from './root-endpoints.ts';
import { scopes } from './scopes.ts';
import { serverAbilities } from './server-abilities.ts';
import { serverOrder } from './server-order.ts';
import { signInDemand } from './sign-in-demand.ts';
import { tokenFormat } from './token-format.ts';

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
  signInDemand,
  scopes,
  clientDocuments,
  consentPage,
  loopbackPort,
  tokenFormat,
  latency,
  clientRegistration,
  deadRefreshToken,
  refusedToken,
  missingScope,
  beyondSignIn,
];
