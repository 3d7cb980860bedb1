/** Rows 12 and 13: what takes Claude, or everybody, for a bot. */
import type { Fault, FixtureAnswer } from '../kit/fixture-request.ts';
import { type PlantedFault, planted } from '../kit/planted-fault.ts';

const TEXT = { 'Content-Type': 'text/plain; charset=utf-8' };
const PAGE = { 'Content-Type': 'text/html; charset=utf-8' };
const OAUTH = { base: { oauth: true } };

function byAgent(pattern: RegExp, answer: FixtureAnswer, exempt = /^$/): { fault: Fault } {
  return {
    fault: ({ headers, url }) =>
      pattern.test(headers['user-agent'] ?? '') && !exempt.test(url.pathname) ? answer : undefined,
  };
}

const BLOCKED: FixtureAnswer = {
  status: 403,
  headers: { ...TEXT, Server: 'cloudflare' },
  body: 'Your request was blocked.',
};

const AGENTS: readonly PlantedFault[] = [
  planted(12, 'Claude-User is refused', byAgent(/Claude-User/, BLOCKED)),
  planted(
    12,
    'Claude-User is refused, the well-known places are exempt',
    byAgent(/Claude-User/, BLOCKED, /^\/\.well-known/),
    OAUTH,
  ),
  planted(
    12,
    'Claude-User gets the page of a firewall with 200',
    byAgent(/Claude-User/, { headers: PAGE, body: '<html><title>Request Rejected</title>Your support ID is 1</html>' }),
  ),
  planted(
    12,
    'Claude-User gets 406',
    byAgent(/Claude/, { status: 406, headers: PAGE, body: '<h1>Not Acceptable!</h1>Mod_Security' }),
  ),
  planted(12, 'all of Claude is refused', byAgent(/Claude-User|python-httpx/, BLOCKED)),
  planted(12, 'python-httpx is refused', byAgent(/python/, BLOCKED), OAUTH),
  planted(12, 'connections of Claude-User are closed', {
    raw: ({ headers, socket }) => {
      if (headers['user-agent'] !== 'Claude-User') return false;
      socket.destroy();
      return true;
    },
  }),
];

const CHALLENGE_PAGE =
  '<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title></head><body><script>window._cf_chl_opt = {cType: "managed"};</script></body></html>';

function challenge(answer: FixtureAnswer, paths = /./): { fault: Fault } {
  return { fault: ({ url }) => (paths.test(url.pathname) ? answer : undefined) };
}

const CLOUDFLARE: FixtureAnswer = {
  status: 403,
  headers: { ...PAGE, Server: 'cloudflare', 'CF-Mitigated': 'challenge' },
  body: CHALLENGE_PAGE,
};

const CHALLENGES: readonly PlantedFault[] = [
  planted(13, "Cloudflare's, by its header", challenge({ ...CLOUDFLARE, body: '' })),
  planted(13, "Cloudflare's, by its page", challenge({ status: 503, headers: PAGE, body: CHALLENGE_PAGE })),
  planted(
    13,
    "AWS WAF's",
    challenge({ status: 202, headers: { ...PAGE, 'x-amzn-waf-action': 'challenge' }, body: '' }),
  ),
  planted(
    13,
    "Vercel's",
    challenge({
      status: 429,
      headers: { ...PAGE, 'X-Vercel-Mitigated': 'challenge' },
      body: '<title>Vercel Security Checkpoint</title>',
    }),
  ),
  planted(
    13,
    "Imperva's",
    challenge({
      headers: PAGE,
      body: '<html><head><script src="/_Incapsula_Resource?SWJIYLWA=5074"></script></head></html>',
    }),
  ),
  planted(13, "for Claude's user agents", byAgent(/Claude|httpx/, CLOUDFLARE)),
  planted(13, 'before the well-known places only', challenge(CLOUDFLARE, /^\/\.well-known/), OAUTH),
];

export const BOT_FAULTS: readonly PlantedFault[] = [...AGENTS, ...CHALLENGES];
