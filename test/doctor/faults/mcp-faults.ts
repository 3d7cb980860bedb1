/** Rows of the MCP stage: 32, 41 and 46 here, the others by what they are about. */
import type { Fault, FixtureAnswer, FixtureRequest } from '../kit/fixture-request.ts';
import type { HealthyOptions } from '../kit/healthy-server.ts';
import { type PlantedFault, planted } from '../kit/planted-fault.ts';
import { refusal, sessions } from '../kit/session-server.ts';
import { DISCOVER_FAULTS } from './discover-faults.ts';
import { SESSION_FAULTS } from './session-faults.ts';
import { VERSION_FAULTS } from './version-faults.ts';

const NEVER = new Promise<never>(() => {});
const QUICK = { limits: { exchangeMs: 500 } };

function strict(accepted: RegExp, answer: (request: FixtureRequest) => FixtureAnswer): { fault: Fault } {
  return {
    fault: request =>
      request.method === 'POST' && request.url.pathname === '/mcp' && !accepted.test(request.headers.accept ?? '')
        ? answer(request)
        : undefined,
  };
}

const BOTH = /json.*event-stream/;
const NOT_ACCEPTABLE = 'Not Acceptable: Client must accept both application/json and text/event-stream';

const ACCEPTS: readonly PlantedFault[] = [
  planted(32, 'both media types have to be named', strict(BOTH, refusal(406, NOT_ACCEPTABLE))),
  planted(
    32,
    'event-stream has to be named',
    strict(/event-stream/, () => ({ status: 406, body: 'Not Acceptable' })),
  ),
  planted(32, 'told with 400', strict(BOTH, refusal(400, NOT_ACCEPTABLE, -32600))),
  planted(32, 'before sign-in', strict(BOTH, refusal(406, NOT_ACCEPTABLE)), { base: { oauth: true } }),
];

/** What every notification is answered with. */
function notified(answer: FixtureAnswer | Promise<FixtureAnswer>): HealthyOptions {
  return {
    fault: ({ method, message }) =>
      method === 'POST' && message !== undefined && !('id' in message) ? answer : undefined,
  };
}

const ERROR = { jsonrpc: '2.0', id: null, error: { code: -32601, message: 'Method not found' } };
const LEGACY = { base: { era: 'legacy' } } as const;

const NOTIFICATIONS: readonly PlantedFault[] = [
  planted(41, '200 and null', notified({ headers: { 'Content-Type': 'application/json' }, body: 'null' })),
  planted(41, '200 and nothing', notified({ headers: { 'Content-Type': 'application/json' } }), LEGACY),
  planted(41, '200 and a result', notified({ body: { jsonrpc: '2.0', id: null, result: {} } }), LEGACY),
  planted(41, '204', notified({ status: 204 }), LEGACY),
  planted(41, '400: it wants an id', notified({ status: 400, body: ERROR }), LEGACY),
  planted(41, '404: it knows no such method', notified({ status: 404, body: ERROR }), {
    base: { era: 'legacy', fault: sessions() },
  }),
  planted(41, '500', notified({ status: 500, body: 'Internal Server Error' }), LEGACY),
  planted(41, 'not answered', notified(NEVER), { ...LEGACY, doctor: QUICK }),
];

/** The first request of all is not answered; it wakes the server. */
function asleep(): Fault {
  let isAwake = false;
  return ({ method }) => {
    if (isAwake || method !== 'POST') return undefined;
    isAwake = true;
    return NEVER;
  };
}

/** A fault that is there anew each time the server is started. */
function startingAnew(row: number, name: string, base: HealthyOptions): PlantedFault {
  const { start, ...rest } = planted(row, name, {}, { base, doctor: QUICK });
  return {
    ...rest,
    start: faulty => (faulty ? planted(row, name, { fault: asleep() }, { base }).start(true) : start(false)),
  };
}

const COLD: readonly PlantedFault[] = [
  startingAnew(46, 'the first initialize is not answered in time', {}),
  startingAnew(46, 'with sign-in', { oauth: true }),
];

export const MCP_FAULTS: readonly PlantedFault[] = [
  ...ACCEPTS,
  ...DISCOVER_FAULTS,
  ...VERSION_FAULTS,
  ...NOTIFICATIONS,
  ...SESSION_FAULTS,
  ...COLD,
];
