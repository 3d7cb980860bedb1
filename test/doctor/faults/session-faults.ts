/** Rows 42 to 45: sessions that are left out, lost, or known to one of several processes only. */
import { resolve } from 'node:path';
import { CommandProcess } from '../../cli/command-process.ts';
import { missing } from '../../lifecycle/programs.ts';
import { type HealthyOptions, healthyServer } from '../kit/healthy-server.ts';
import { behindNginx, STREAMS } from '../kit/nginx-front.ts';
import { type PlantedFault, planted } from '../kit/planted-fault.ts';
import { roundRobin } from '../kit/round-robin.ts';
import type { Running } from '../kit/running.ts';
import { refusal, type SessionsOptions, sessions } from '../kit/session-server.ts';

const BASE: HealthyOptions = { era: 'legacy', fault: sessions() };

function inSessions(options: SessionsOptions): HealthyOptions {
  return { fault: sessions(options) };
}

const NO_SESSION = refusal(400, 'Bad Request: Mcp-Session-Id header is required');

const LEFT_OUT: readonly PlantedFault[] = [
  planted(42, '400, as the specification allows', inSessions({ without: NO_SESSION }), { base: BASE }),
  planted(42, '404', inSessions({ without: () => ({ status: 404, body: 'Invalid session ID' }) }), { base: BASE }),
  planted(42, 'in band', inSessions({ without: refusal(200, 'Server not initialized', -32600) }), { base: BASE }),
  planted(
    42,
    'beside 2026-07-28, which needs none',
    { fault: sessions({ without: NO_SESSION }, true) },
    { base: { fault: sessions({}, true) } },
  ),
];

const NOT_VALID = refusal(400, 'Bad Request: No valid session ID provided');

const LOST: readonly PlantedFault[] = [
  planted(43, '400, as for who names none', inSessions({ unknown: NOT_VALID, unknownNotification: NOT_VALID }), {
    base: BASE,
  }),
  planted(43, '400 for requests only', inSessions({ unknown: NOT_VALID }), { base: BASE }),
  planted(43, '503', inSessions({ unknown: refusal(503, 'Session is unknown on this instance', -32001) }), {
    base: BASE,
  }),
  planted(43, 'in band', inSessions({ unknown: refusal(200, 'Invalid session', -32602) }), { base: BASE }),
  planted(
    43,
    'a server without sessions that wants none to be named',
    {
      fault: request =>
        request.headers['mcp-session-id'] === undefined || request.message?.id === undefined
          ? undefined
          : refusal(400, 'Sessions are not supported')(request),
    },
    { base: { era: 'legacy' } },
  ),
  planted(44, '400', inSessions({ unknownNotification: NOT_VALID }), { base: BASE }),
  planted(44, '500', inSessions({ unknownNotification: () => ({ status: 500, body: 'Error' }) }), { base: BASE }),
];

/** So many processes, as far as their memory is concerned. */
async function instances(count: number): Promise<readonly Running[]> {
  return Promise.all(Array.from({ length: count }, () => healthyServer({ era: 'legacy', fault: sessions() })));
}

const SCRIPT = resolve(import.meta.dirname, '../fixtures/session-process.ts');

/** A process of its own, which no memory is shared with. */
async function inProcess(): Promise<Running> {
  const process_ = new CommandProcess([process.execPath, '--conditions=@slipway/source', SCRIPT]);
  const url = await process_.listening();
  return { url, doctor: { allowPrivate: true }, requests: [], close: () => process_[Symbol.asyncDispose]() };
}

/** nginx as it spreads requests by itself: each goes to the next server. */
async function inNginx(behind: readonly Running[]): Promise<Running> {
  const servers = behind.map(({ url }) => `server ${new URL(url).host};`).join(' ');
  const pass = `proxy_pass http://replicas; proxy_set_header Host $http_host; ${STREAMS}`;
  const front = await behindNginx(behind[0]!, {
    http: `upstream replicas { ${servers} }`,
    server: `location / { ${pass} }`,
  });
  return {
    ...front,
    close: async () => {
      await front.close();
      await Promise.all(behind.slice(1).map(one => one.close()));
    },
  };
}

const SCATTERED: readonly PlantedFault[] = [
  {
    row: 45,
    name: 'two servers',
    start: async faulty => roundRobin(await instances(faulty ? 2 : 1)),
  },
  {
    row: 45,
    name: 'five servers',
    start: async faulty => roundRobin(await instances(faulty ? 5 : 1)),
  },
  {
    row: 45,
    name: 'two processes',
    start: async faulty => roundRobin(await Promise.all(faulty ? [inProcess(), inProcess()] : [inProcess()])),
  },
  {
    row: 45,
    name: 'nginx: an upstream of two servers',
    skip: missing('nginx'),
    start: async faulty => inNginx(await instances(faulty ? 2 : 1)),
  },
];

export const SESSION_FAULTS: readonly PlantedFault[] = [...LEFT_OUT, ...LOST, ...SCATTERED];
