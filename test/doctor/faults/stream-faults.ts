/** Rows 25 to 30: streams that do not arrive, die, or are not to be had. */
import { gzipSync } from 'node:zlib';
import type { Fault, FixtureAnswer, FixtureRequest } from '../kit/fixture-request.ts';
import { type PlantedFault, planted } from '../kit/planted-fault.ts';
import { type StreamingOptions, streaming } from '../kit/streaming-server.ts';

const EVENT_STREAM = { 'Content-Type': 'text/event-stream' };
const QUICK = { limits: { firstEventMs: 150 } };
const NEVER = new Promise<never>(() => {});

function based(on: StreamingOptions = {}) {
  return { base: { fault: streaming(on) }, doctor: QUICK };
}

/** What some requests are answered with; all others as a server with sessions and streams does. */
function instead(
  when: (request: FixtureRequest) => boolean,
  answer: () => FixtureAnswer | Promise<FixtureAnswer>,
  on: StreamingOptions = {},
): { fault: Fault } {
  const healthy = streaming(on);
  return { fault: (request, plain) => (when(request) ? answer() : healthy(request, plain)) };
}

const isGet = ({ method, url }: FixtureRequest) => method === 'GET' && url.pathname === '/mcp';
const isListen = ({ message }: FixtureRequest) => message?.method === 'subscriptions/listen';

/** Says who it is in every answer. */
function named(server: string, { fault }: { fault: Fault }): { fault: Fault } {
  return {
    fault: async (request, plain) => {
      const answer = await fault(request, plain)!;
      return { ...answer, headers: { ...answer.headers, Server: server } };
    },
  };
}

async function* silence(): AsyncGenerator<string> {
  yield* [];
  await NEVER;
}

async function* brokenOff(afterMs: number): AsyncGenerator<string> {
  yield ': open\n\n';
  await new Promise(resolve => setTimeout(resolve, afterMs).unref());
  throw new Error('the front has had enough');
}

const HELD_BACK: readonly PlantedFault[] = [
  planted(
    25,
    'the GET stream does not get through the front',
    named(
      'nginx',
      instead(isGet, () => NEVER),
    ),
    based(),
  ),
  planted(
    25,
    'a subscription is not acknowledged in time',
    instead(isListen, () => ({ headers: EVENT_STREAM, body: silence() }), { listens: true }),
    based({ listens: true }),
  ),
  planted(
    25,
    'a subscription is not answered',
    instead(isListen, () => NEVER, { listens: true }),
    based({ listens: true }),
  ),
  planted(
    28,
    'the header waits for the first event',
    instead(isGet, () => NEVER),
    based(),
  ),
  planted(
    28,
    'the header waits, and the front lets other streams pass',
    named(
      'nginx',
      instead(isGet, () => NEVER, { listens: true }),
    ),
    based({ listens: true }),
  ),
];

/** Compresses whatever is an event stream. */
function compressing(on: StreamingOptions, body: (answer: FixtureAnswer) => FixtureAnswer['body']): { fault: Fault } {
  const healthy = streaming(on);
  return {
    fault: async (request, plain) => {
      const answer = (await healthy(request, plain))!;
      if (answer.headers?.['Content-Type'] !== 'text/event-stream' || isGet(request)) return answer;
      return { ...answer, headers: { ...answer.headers, 'Content-Encoding': 'gzip' }, body: body(answer)! };
    },
  };
}

async function* gzipped({ body }: FixtureAnswer): AsyncGenerator<Buffer> {
  const pieces: (string | Buffer)[] = [];
  for await (const piece of body as AsyncIterable<string>) pieces.push(piece);
  yield gzipSync(pieces.join(''));
}

const COMPRESSED: readonly PlantedFault[] = [
  planted(
    26,
    'answers as streams',
    compressing({ answersAreStreams: true }, gzipped),
    based({ answersAreStreams: true }),
  ),
  planted(
    26,
    'a subscription that never fills a block',
    compressing({ listens: true }, gzipped),
    based({ listens: true }),
  ),
];

const HOLD = { write: true, limits: { firstEventMs: 150, holdMs: 300 } };

const CUT: readonly PlantedFault[] = [
  planted(
    27,
    'the GET stream',
    instead(isGet, () => ({ headers: EVENT_STREAM, body: brokenOff(120) })),
    {
      base: { fault: streaming() },
      doctor: HOLD,
    },
  ),
];

const GET_ANSWERS: readonly PlantedFault[] = [
  planted(
    29,
    'a stream without a session',
    {
      fault: request => (isGet(request) ? { headers: EVENT_STREAM, body: silence() } : undefined),
    },
    { doctor: QUICK },
  ),
  planted(
    29,
    'a stream of a function',
    {
      fault: async (request, healthy) => {
        const answer = isGet(request) ? { headers: EVENT_STREAM, body: silence() } : await healthy();
        return { ...answer, headers: { ...answer.headers, Server: 'Vercel', 'X-Vercel-Id': 'fra1::iad1::abcde-1-2' } };
      },
    },
    { doctor: QUICK },
  ),
  planted(30, '200 with JSON', {
    fault: request => (isGet(request) ? { body: { name: 'mcp', status: 'ok' } } : undefined),
  }),
  planted(
    30,
    '400',
    instead(isGet, () => ({ status: 400, body: { error: 'Bad Request' } })),
    based(),
  ),
  planted(30, '404', { fault: request => (isGet(request) ? { status: 404, body: 'Not Found' } : undefined) }),
  planted(
    30,
    '500',
    instead(isGet, () => ({ status: 500, body: 'Internal Server Error' })),
    based(),
  ),
];

export const STREAM_FAULTS: readonly PlantedFault[] = [...HELD_BACK, ...COMPRESSED, ...CUT, ...GET_ANSWERS];
