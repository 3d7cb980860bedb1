/** Rows 33 to 36: what `server/discover` is answered with. */
import type { Fault, FixtureAnswer, FixtureRequest } from '../kit/fixture-request.ts';
import type { HealthyOptions } from '../kit/healthy-server.ts';
import { type PlantedFault, planted } from '../kit/planted-fault.ts';
import { NOT_FOUND, refusal, sessions } from '../kit/session-server.ts';

/** Never so little that a busy machine looks like a silent server. */
const QUICK = { limits: { exchangeMs: 500 } };
const LEGACY: HealthyOptions = { era: 'legacy' };
const EVENT_STREAM = { 'Content-Type': 'text/event-stream' };
const NEVER = new Promise<never>(() => {});

const isDiscover = ({ message }: FixtureRequest) => message?.method === 'server/discover';

function discovers(answer: (request: FixtureRequest) => FixtureAnswer | Promise<FixtureAnswer>): HealthyOptions {
  return { fault: request => (isDiscover(request) ? answer(request) : undefined) };
}

/** The same where there are sessions. */
function discoversInSessions(answer: (request: FixtureRequest) => FixtureAnswer): { fault: Fault } {
  const others = sessions();
  return { fault: (request, healthy) => (isDiscover(request) ? answer(request) : others(request, healthy)) };
}

const KNOWN = ['initialize', 'notifications/initialized', 'ping', 'tools/list', 'tools/call'];

/** Before anything else is looked at. */
function onlyKnown(answer: FixtureAnswer): HealthyOptions {
  return {
    fault: ({ message }) => (message?.method === undefined || KNOWN.includes(message.method) ? undefined : answer),
  };
}

const REFUSED: readonly PlantedFault[] = [
  planted(33, '400 for methods that it does not know', onlyKnown({ status: 400, body: { detail: 'Unknown method' } }), {
    base: LEGACY,
  }),
  planted(33, '500', discovers(refusal(500, 'Internal error', -32603)), { base: LEGACY }),
  planted(
    33,
    'a page of a failure',
    discovers(() => ({ status: 502, body: '<html>Bad Gateway</html>' })),
    {
      base: LEGACY,
    },
  ),
  planted(
    33,
    'ids have to be numbers',
    {
      fault: ({ message }) =>
        typeof message?.id === 'string' ? refusal(400, 'id must be a number', -32600)({ message } as never) : undefined,
    },
    { base: LEGACY },
  ),
];

/** Of a server that looks for a session before it looks at the method. */
const WANTS_A_SESSION: readonly PlantedFault[] = [
  planted(
    34,
    '404 in plain text',
    discoversInSessions(() => ({ status: 404, body: 'Invalid session ID' })),
    {
      base: { ...LEGACY, fault: sessions() },
    },
  ),
  planted(
    34,
    '404 in JSON-RPC, and -32601 within a session',
    discoversInSessions(request =>
      request.headers['mcp-session-id'] === undefined
        ? NOT_FOUND(request)
        : refusal(200, 'Method not found', -32601)(request),
    ),
    { base: { ...LEGACY, fault: sessions() } },
  ),
];

function discovered(result: object): HealthyOptions {
  return discovers(({ message }) => ({ body: { jsonrpc: '2.0', id: message!.id, result } }));
}

const LISTED: readonly PlantedFault[] = [
  planted(
    35,
    'what initialize offers',
    discovered({
      supportedVersions: ['2025-11-25', '2025-06-18'],
      capabilities: { tools: {} },
      resultType: 'complete',
    }),
    { base: LEGACY },
  ),
  planted(35, 'an empty object, as for every method', discovered({}), { base: LEGACY }),
  planted(35, 'one version, by another name', discovered({ protocolVersion: '2026-07-28', capabilities: {} }), {
    base: LEGACY,
  }),
];

/** As a stream that can be resumed begins. */
async function* beginning(text: string): AsyncGenerator<string> {
  yield text;
  await NEVER;
}

const UNANSWERED: readonly PlantedFault[] = [
  planted(
    36,
    'not even a header',
    discovers(() => NEVER),
    { base: LEGACY, doctor: QUICK },
  ),
  planted(
    36,
    'an event stream without an event',
    discovers(() => ({ headers: EVENT_STREAM, body: beginning(': keep-alive\n\n') })),
    { base: LEGACY, doctor: QUICK },
  ),
  planted(
    36,
    'an event stream with another event',
    discovers(() => ({ headers: EVENT_STREAM, body: beginning('id: 1\ndata: \n\n') })),
    { base: LEGACY, doctor: QUICK },
  ),
  planted(
    36,
    '202, as for a notification',
    discovers(() => ({ status: 202 })),
    { base: LEGACY },
  ),
  planted(
    36,
    'the connection is closed',
    {
      raw: (request, response) => {
        if (request.headers['mcp-method'] !== 'server/discover') return false;
        response.destroy();
        return true;
      },
    },
    { base: LEGACY },
  ),
];

export const DISCOVER_FAULTS: readonly PlantedFault[] = [...REFUSED, ...WANTS_A_SESSION, ...LISTED, ...UNANSWERED];
