import { apache } from './apache.ts';
import { awsApiGateway } from './aws-api-gateway.ts';
import { awsLoadBalancer } from './aws-load-balancer.ts';
import { azureFrontDoor } from './azure-front-door.ts';
import { caddy } from './caddy.ts';
import { cloudflare } from './cloudflare.ts';
import { cloudfront } from './cloudfront.ts';
import { envoy } from './envoy.ts';
import { express } from './express.ts';
import { fastly } from './fastly.ts';
import { fly } from './fly.ts';
import type { Front, ResponseHeaders } from './front.ts';
import { googleFrontend } from './google-frontend.ts';
import { heroku } from './heroku.ts';
import { nginx } from './nginx.ts';
import { ngrok } from './ngrok.ts';
import { pythonSdk } from './python-sdk.ts';
import { railway } from './railway.ts';
import { render } from './render.ts';
import { slipway } from './slipway.ts';
import { starlette } from './starlette.ts';
import { typescriptSdk } from './typescript-sdk.ts';
import { vercel } from './vercel.ts';

/** All that we know, from the edge of the network to the framework in the process. */
export const FRONTS: readonly Front[] = [
  cloudflare,
  cloudfront,
  fastly,
  azureFrontDoor,
  googleFrontend,
  awsApiGateway,
  awsLoadBalancer,
  vercel,
  fly,
  render,
  railway,
  heroku,
  ngrok,
  envoy,
  nginx,
  caddy,
  apache,
  express,
  starlette,
  typescriptSdk,
  pythonSdk,
  slipway,
];

/**
 * What an answer has passed, as far as it can be told, the outermost first.
 *
 * @param body the text of the answer, or its beginning
 */
export function frontsOf(headers: ResponseHeaders, body: string): readonly Front[] {
  return FRONTS.filter(front => front.recognise(headers, body));
}
