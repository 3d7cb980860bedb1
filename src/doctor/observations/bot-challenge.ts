/** Pages that want to see a browser solve something before they let a request through, told by what their makers write. */
import type { Exchange } from '../exchange/exchange.ts';
import { isHtml } from './endpoint-page.ts';

interface Mark {
  readonly maker: string;
  /** Of a page of HTML. */
  readonly page: RegExp;
}

const HEADERS: readonly (readonly [name: string, value: RegExp, maker: string])[] = [
  ['cf-mitigated', /^challenge/i, 'Cloudflare'],
  ['x-vercel-mitigated', /^challenge/i, 'Vercel'],
  ['x-amzn-waf-action', /^(challenge|captcha)/i, 'AWS WAF'],
];

const PAGES: readonly Mark[] = [
  // Not /cdn-cgi/challenge-platform/ alone: Cloudflare adds a script of that name to pages that it lets through.
  { maker: 'Cloudflare', page: /<title>Just a moment\.\.\.<|_cf_chl_opt|challenge-platform\/h\/\w\/orchestrate/ },
  { maker: 'AWS WAF', page: /awsWafCookieDomainList|AwsWafIntegration|token\.awswaf\.com/ },
  { maker: 'DataDome', page: /captcha-delivery\.com\// },
  { maker: 'Imperva', page: /\/_Incapsula_Resource\?/ },
  { maker: 'HUMAN', page: /id="px-captcha"|window\._pxAppId/ },
  { maker: 'Akamai', page: /sec-if-cpt-container|\/_sec\/cp_challenge\// },
  { maker: 'Sucuri', page: /sucuri_cloudproxy_js/ },
  { maker: 'DDoS-Guard', page: /<title>DDoS-Guard</ },
  { maker: 'Anubis', page: /id="anubis_challenge"|\/\.within\.website\/x\/cmd\/anubis\// },
  { maker: 'the front', page: /enable javascript and cookies to continue/i },
];

/** Challenges have their mark at the beginning. */
const MAX_PAGE_CHARS = 64 * 1024;

/** Whose challenge an answer is; undefined where it is none. */
export function botChallengeOf(exchange: Exchange): string | undefined {
  const { response } = exchange;
  if (response === undefined) return undefined;
  const told = HEADERS.find(([name, value]) => response.headers.all(name).some(given => value.test(given)));
  if (told !== undefined) return told[2];
  if (!isHtml(exchange)) return undefined;
  const page = response.text.slice(0, MAX_PAGE_CHARS);
  return PAGES.find(({ page: mark }) => mark.test(page))?.maker;
}
