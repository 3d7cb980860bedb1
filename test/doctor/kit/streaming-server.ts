/** The healthy server with what it lacks: a session, a GET stream, and answers that are event streams. */
import type { Fault, FixtureAnswer } from './fixture-request.ts';

const EVENT_STREAM = { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' };

export const SESSION_ID = 'fixture-session';

export interface StreamingOptions {
  /** Text and pauses (milliseconds) of the GET stream, then open until the client leaves. Default: a comment at once. */
  readonly stream?: readonly (string | number)[];
  /** Milliseconds between comments on it; default: none follow. */
  readonly beatMs?: number;
  /** Answers to POST come as event streams. */
  readonly answersAreStreams?: boolean;
  /** `subscriptions/listen` is acknowledged, and stays open. */
  readonly listens?: boolean;
}

const MAX_BEATS = 200;

async function* getStream({ stream = [': open\n\n'], beatMs }: StreamingOptions): AsyncGenerator<string> {
  for (const piece of stream) {
    if (typeof piece === 'string') yield piece;
    else await new Promise(resolve => setTimeout(resolve, piece).unref());
  }
  for (let beats = 0; beatMs !== undefined && beats < MAX_BEATS; beats++) {
    await new Promise(resolve => setTimeout(resolve, beatMs).unref());
    yield ': beat\n\n';
  }
  await new Promise(() => {});
}

const ACKNOWLEDGED = {
  jsonrpc: '2.0',
  method: 'notifications/subscriptions/acknowledged',
  params: { notifications: {} },
};

async function* listenStream(options: StreamingOptions): AsyncGenerator<string> {
  yield `data: ${JSON.stringify(ACKNOWLEDGED)}\n\n`;
  yield* getStream({ ...options, stream: [] });
}

function asStream(answer: FixtureAnswer): FixtureAnswer {
  const { status = 200, headers, body } = answer;
  if (status !== 200 || typeof body !== 'object' || Buffer.isBuffer(body)) return answer;
  const text = `event: message\ndata: ${JSON.stringify(body)}\n\n`;
  const pieces = (async function* () {
    yield text;
  })();
  return { status, headers: { ...headers, ...EVENT_STREAM }, body: pieces };
}

/** As a fault that is none: for `fault` of the base, and to be called by faults. */
export function streaming(options: StreamingOptions = {}): Fault {
  return async (request, healthy): Promise<FixtureAnswer> => {
    const { method, message } = request;
    const isEndpoint = request.url.pathname === '/mcp';
    if (isEndpoint && method === 'GET' && /event-stream/.test(request.headers.accept ?? '')) {
      return { headers: { ...EVENT_STREAM, 'Access-Control-Allow-Origin': '*' }, body: getStream(options) };
    }
    if (isEndpoint && method === 'DELETE') return { status: 204 };
    if (options.listens === true && isEndpoint && message?.method === 'subscriptions/listen') {
      return { headers: EVENT_STREAM, body: listenStream(options) };
    }
    const answer = await healthy();
    if (!isEndpoint || method !== 'POST') return answer;
    const isOpened = message?.method === 'initialize' && answer.status === undefined;
    const headers = { ...answer.headers, ...(isOpened && { 'Mcp-Session-Id': SESSION_ID }) };
    const full: FixtureAnswer = { ...answer, headers };
    return options.answersAreStreams === true ? asStream(full) : full;
  };
}
