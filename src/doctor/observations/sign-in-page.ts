/** Sign-in for people, with a page and a cookie, in front of a server: told by where it leads, or by what it sets. */
import type { Exchange } from '../exchange/exchange.ts';
import { type Redirect, redirectOf } from './redirect.ts';

interface Place {
  readonly maker: string;
  readonly host?: RegExp;
  readonly path?: RegExp;
}

const PLACES: readonly Place[] = [
  { maker: 'Cloudflare Access', host: /(^|\.)cloudflareaccess\.com$/ },
  { maker: 'Cloudflare Access', path: /^\/cdn-cgi\/access\// },
  { maker: 'oauth2-proxy', path: /^\/oauth2\/(start|sign_in)$/ },
  { maker: 'Pomerium', path: /^\/\.pomerium\// },
  { maker: 'authentik', path: /^\/outpost\.goauthentik\.io\// },
  { maker: 'Vercel Authentication', host: /^vercel\.com$/, path: /^\/sso-api\b/ },
  { maker: 'Azure App Service authentication', path: /^\/\.auth\/login\// },
  { maker: 'Microsoft Entra', host: /^login\.(microsoftonline\.(com|us)|windows\.net)$/ },
  { maker: 'Google', host: /^accounts\.google\.com$/ },
  { maker: 'Amazon Cognito', host: /\.amazoncognito\.com$/ },
  { maker: 'Okta', host: /\.(okta|oktapreview)\.com$/ },
  { maker: 'Auth0', host: /\.auth0\.com$/ },
  { maker: 'GitHub', host: /^github\.com$/, path: /^\/login\b/ },
];

/** The last part of a path that is a sign-in page whoever made it. */
const SIGN_IN_PATH = /\/(log-?in|sign-?in|sign_in|sso|saml2?|authenticate)(\.\w+)?\/?$/i;
/** Parameters in which such pages are told where to return to. */
const RETURN_PARAMETERS = /^(rd|rurl|redirect(_?ur[il])?|return(_?(to|ur[il]))?|next|continue|goto)$/i;

function leadsToSignIn({ from, to }: Redirect): string | undefined {
  const made = PLACES.find(({ host = /./, path = /./ }) => host.test(to.hostname) && path.test(to.pathname));
  if (made !== undefined) return made.maker;
  const query = to.searchParams;
  if (query.has('SAMLRequest') || (query.has('client_id') && query.has('response_type'))) return to.hostname;
  // Back to where one came from, from another page: that is what a sign-in does.
  const returns = [...query].some(([name, value]) => RETURN_PARAMETERS.test(name) && value.includes(from.pathname));
  const isElsewhere = to.pathname.replace(/\/$/, '') !== from.pathname.replace(/\/$/, '');
  if (isElsewhere && (SIGN_IN_PATH.test(to.pathname) || (returns && from.pathname.length > 1))) return to.hostname;
  return undefined;
}

/** Whose sign-in page an answer is, or leads to; undefined where it is none. */
export function signInPageOf(exchange: Exchange): string | undefined {
  const { response } = exchange;
  if (response === undefined) return undefined;
  const { headers, status, text } = response;
  if (headers.has('x-goog-iap-generated-response')) return 'Google Identity-Aware Proxy';
  const redirect = redirectOf(exchange);
  if (redirect !== undefined) return leadsToSignIn(redirect);
  if (status !== 401 && status !== 403) return undefined;
  const cookies = headers.all('set-cookie').join('\n');
  if (/^_vercel_sso_nonce=/m.test(cookies)) return 'Vercel Authentication';
  if (/^CF_AppSession=/m.test(cookies) || headers.has('cf-access-domain')) return 'Cloudflare Access';
  if (/^_oauth2_proxy/m.test(cookies) || /action="[^"]*\/oauth2\/start"/.test(text)) return 'oauth2-proxy';
  return undefined;
}
