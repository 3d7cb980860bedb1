/** Row 16: a limit by address, which all users of Claude share. */
import { type Evidence, exchanged, fact } from '../../evidence.ts';
import type { Examination } from '../../examination.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { CLAUDE_DISCOVERY } from '../../observations/claude.ts';
import { harmlessCall } from '../../observations/harmless-call.ts';
import { resourceMetadata, wellKnown } from '../../observations/resource-metadata.ts';
import type { Probe, Sighting } from '../../probe.ts';

/** Requests at once: what a few users of one address do within a second. */
const BURST = 40;
/** Registrations per hour: each new connection of each user is one. */
const MIN_REGISTRATIONS = 100;
const HOUR_SECONDS = 3_600;

/** How many an hour a `RateLimit-Policy` allows, in any of its drafts: `20;w=3600`, `"hour";q=20;w=3600`. */
export function hourlyQuota(policy: string): number | undefined {
  const quota = /(?:^|[\s;,])q=(\d+)/.exec(policy)?.[1] ?? /^\s*(\d+)/.exec(policy)?.[1];
  const seconds = /(?:^|[\s;,])w=(\d+)/.exec(policy)?.[1];
  if (quota === undefined || seconds === undefined || Number(seconds) === 0) return undefined;
  return (Number(quota) * HOUR_SECONDS) / Number(seconds);
}

/** An empty registration is refused and leaves nothing behind; its headers tell the limit. */
async function registration(examination: Examination): Promise<Exchange | undefined> {
  const issuer = (await resourceMetadata(examination))?.document?.['authorization_servers'];
  const first: unknown = Array.isArray(issuer) ? issuer[0] : undefined;
  const url = typeof first === 'string' ? URL.parse(first) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  const path = url.pathname.replace(/\/$/, '');
  const metadata = await wellKnown(examination, new URL(`/.well-known/oauth-authorization-server${path}`, url.origin));
  const endpoint = metadata.document?.['registration_endpoint'];
  if (typeof endpoint !== 'string' || !URL.canParse(endpoint) || !/^https?:/.test(endpoint)) return undefined;
  return examination.exchange({
    url: endpoint,
    method: 'POST',
    headers: [
      ['Content-Type', 'application/json'],
      ['User-Agent', CLAUDE_DISCOVERY.userAgent],
    ],
    body: '{}',
  });
}

async function ofRegistration(examination: Examination): Promise<Sighting | undefined> {
  const exchange = await registration(examination);
  const policies = exchange?.response?.headers.all('ratelimit-policy') ?? [];
  const quotas = policies.map(hourlyQuota).filter(quota => quota !== undefined);
  const least = Math.min(...quotas);
  if (exchange === undefined || quotas.length === 0 || least >= MIN_REGISTRATIONS) return undefined;
  const note = `Registrations are limited to ${Math.round(least)} an hour; each new connection of each user is one.`;
  return { row: 16, evidence: [exchanged(exchange), ...policies.map(policyFact)], note };
}

function policyFact(policy: string): Evidence {
  return fact(`RateLimit-Policy: ${policy}`);
}

async function ofRequests(examination: Examination): Promise<Sighting | undefined> {
  const burst = await Promise.all(Array.from({ length: BURST }, () => harmlessCall(examination, 'hello', true)));
  const refused = burst.filter(({ response }) => response?.status === 429);
  if (refused.length === 0) return undefined;
  return { row: 16, evidence: [exchanged(refused[0]!), fact(`${refused.length} of ${BURST} requests were refused`)] };
}

export const rateLimit: Probe = {
  name: 'rate limits by address',
  stage: 'edge',
  rows: [16],
  needs: ['write'],
  last: true,
  async run(examination) {
    const found = [await ofRegistration(examination), await ofRequests(examination)];
    return found.filter(sighting => sighting !== undefined);
  },
};
