/** Where the forms of a page may lead to (Content Security Policy 3, form-action). */
import type { Exchange } from '../exchange/exchange.ts';

const META = /<meta\b[^>]*http-equiv\s*=\s*["']?content-security-policy["']?[^>]*>/gi;
const CONTENT = /\bcontent\s*=\s*(?:"([^"]*)"|'([^']*)')/i;

function policiesOf({ response }: Exchange): readonly string[] {
  if (response === undefined) return [];
  const tags = response.text.match(META) ?? [];
  const inPage = tags.map(tag => CONTENT.exec(tag)).map(match => match?.[1] ?? match?.[2] ?? '');
  // A comma in a header separates policies.
  return [...response.headers.all('content-security-policy').flatMap(value => value.split(',')), ...inPage];
}

/** The sources of the directive; undefined where the policy has none. */
function formAction(policy: string): readonly string[] | undefined {
  for (const directive of policy.split(';')) {
    const [name = '', ...sources] = directive.trim().split(/\s+/);
    if (name.toLowerCase() === 'form-action') return sources;
  }
  return undefined;
}

function matches(source: string, page: URL, target: URL): boolean {
  const given = source.toLowerCase();
  if (given === '*') return /^https?:$/.test(target.protocol);
  if (given === "'self'") return page.origin === target.origin;
  if (given === target.protocol) return true;
  const parts = /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^/:]+)(?::(\d+|\*))?(\/.*)?$/.exec(given);
  if (parts === null) return false;
  const [, scheme, host = '', port] = parts;
  if (
    scheme !== undefined &&
    `${scheme}:` !== target.protocol &&
    !(scheme === 'http' && target.protocol === 'https:')
  ) {
    return false;
  }
  if (port !== undefined && port !== '*' && port !== target.port) {
    if (!(target.port === '' && (port === '443' || port === '80'))) return false;
  }
  // A path does not count once there was a redirect, and there is one.
  return host.startsWith('*.') ? target.hostname.endsWith(host.slice(1)) : host === target.hostname;
}

/** The policy that blocks; undefined where all of them allow it. */
export function blockingPolicy(page: Exchange, target: URL): string | undefined {
  const from = new URL(page.request.url);
  return policiesOf(page).find(policy => {
    const sources = formAction(policy);
    return sources !== undefined && !sources.some(source => matches(source, from, target));
  });
}
