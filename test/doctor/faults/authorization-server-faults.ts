/** Row 15: what stands before the authorization server. */
import type { Fault, FixtureAnswer } from '../kit/fixture-request.ts';
import { healthyServer } from '../kit/healthy-server.ts';
import { type PlantedFault, planted } from '../kit/planted-fault.ts';
import { THROW_AWAY } from '../kit/throw-away-ca.ts';

const OAUTH = { base: { oauth: true } };
const METADATA = /^\/\.well-known\/(oauth-authorization-server|openid-configuration)/;
const PAGE = { 'Content-Type': 'text/html; charset=utf-8', Server: 'cloudflare' };
const BLOCKED: FixtureAnswer = { status: 403, headers: PAGE, body: '<title>Access denied | error code 1010</title>' };
const CHALLENGE: FixtureAnswer = { status: 403, headers: { ...PAGE, 'CF-Mitigated': 'challenge' }, body: '' };

function toPython(paths: RegExp, answer: FixtureAnswer): { fault: Fault } {
  return {
    fault: ({ headers, url }) =>
      paths.test(url.pathname) && /python/.test(headers['user-agent'] ?? '') ? answer : undefined,
  };
}

const RESOURCE_HOST = 'mcp.example.com';
const SERVER_HOST = 'auth.example.com';
const PUBLIC_ADDRESS = '52.84.1.1';

/** The authorization server has a name of its own, before which there is a firewall or none. */
async function onOtherHost(firewall: (userAgent: string) => FixtureAnswer | undefined) {
  const running = await healthyServer({
    oauth: true,
    public: {
      identity: THROW_AWAY.identity([RESOURCE_HOST, SERVER_HOST]),
      zone: { [RESOURCE_HOST]: { A: [PUBLIC_ADDRESS] }, [SERVER_HOST]: { A: [PUBLIC_ADDRESS] } },
    },
    fault: async ({ url, headers }, healthy) => {
      if (url.hostname === SERVER_HOST) return firewall(headers['user-agent'] ?? '') ?? healthy();
      const answer = await healthy();
      if (!url.pathname.startsWith('/.well-known/oauth-protected-resource')) return answer;
      return { ...answer, body: { ...(answer.body as object), authorization_servers: [`https://${SERVER_HOST}`] } };
    },
  });
  const [rule] = running.doctor.connectTo!;
  return { ...running, doctor: { ...running.doctor, connectTo: [rule!, { ...rule!, host: SERVER_HOST }] } };
}

export const AUTHORIZATION_SERVER_FAULTS: readonly PlantedFault[] = [
  planted(15, 'python-httpx is refused at the metadata', toPython(METADATA, BLOCKED), OAUTH),
  planted(15, 'python-httpx is refused at the token endpoint', toPython(/^\/token$/, BLOCKED), OAUTH),
  planted(
    15,
    'python-httpx is refused in JSON',
    toPython(METADATA, { status: 403, body: { error: 'forbidden' } }),
    OAUTH,
  ),
  planted(
    15,
    'everybody is challenged',
    { fault: ({ url }) => (METADATA.test(url.pathname) ? CHALLENGE : undefined) },
    OAUTH,
  ),
  {
    row: 15,
    name: 'python-httpx is refused by another host',
    start: faulty => onOtherHost(userAgent => (faulty && /python/.test(userAgent) ? BLOCKED : undefined)),
  },
];
