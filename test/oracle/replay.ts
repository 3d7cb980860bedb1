import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Exchange, Json, WireRequest } from './exchange.ts';

/** How the body was framed; `other` is a body that is neither JSON, an event stream nor empty. */
export type Framing = 'json' | 'sse' | 'empty' | 'other';

/** What one server answered, normalised so that two libraries can be compared. */
export interface Answer {
  readonly status: number;
  readonly framing: Framing;
  readonly headers: Readonly<Record<string, string>>;
  /** Every JSON-RPC message of the body in order, whatever the framing; batches are flattened. */
  readonly messages: readonly Json[];
  /** Whether the JSON body was an array. */
  readonly batch: boolean;
  /** Whether the server ended the body itself, or left a stream open until the client went away. */
  readonly ended: boolean;
}

/** Long enough for a loaded machine, short enough that a request nobody answers is reported and not waited for. */
const ANSWER_MS = 5000;

/** How long a stream with all its expected messages may take to end, or to bring one too many. */
const LINGER_MS = 100;

/** Sends `exchange` to `baseUrl` and reads the answer to its end, or up to its `closeAfter` messages. */
export async function replay(baseUrl: string, exchange: Exchange): Promise<Answer> {
  let wire = exchange.request;
  if (exchange.before !== undefined) {
    const first = await send(baseUrl, exchange.before, exchange.closeAfter);
    wire = withState(wire, requestStateOf(first));
  }
  return normalised(await send(baseUrl, wire, exchange.closeAfter));
}

function requestStateOf(answer: Answer): string {
  const [message] = answer.messages;
  const state = memberOf(memberOf(message, 'result'), 'requestState');
  if (typeof state !== 'string')
    throw new Error(`The first request was answered without a requestState: ${JSON.stringify(message)}`);
  return state;
}

function memberOf(value: unknown, key: string): unknown {
  return value !== null && typeof value === 'object' ? Reflect.get(value, key) : undefined;
}

/** `{{requestState}}` is the state as it came, `{{tampered}}` the same with its last character but one changed. */
function withState(wire: WireRequest, state: string): WireRequest {
  const at = state.length - 2;
  const tampered = `${state.slice(0, at)}${state[at] === 'A' ? 'B' : 'A'}${state.slice(at + 1)}`;
  const text = typeof wire.body === 'string' ? wire.body : JSON.stringify(wire.body);
  return { ...wire, body: text.replaceAll('{{requestState}}', state).replaceAll('{{tampered}}', tampered) };
}

function send(baseUrl: string, wire: WireRequest, closeAfter: number | undefined): Promise<Answer> {
  const body =
    wire.body === undefined
      ? undefined
      : Buffer.from(typeof wire.body === 'string' ? wire.body : JSON.stringify(wire.body));
  return new Promise((resolve, reject) => {
    const request = httpRequest(new URL(wire.path, baseUrl), { method: wire.method, agent: false }, response => {
      readAnswer(response, closeAfter).then(resolve, reject);
    });
    request.setTimeout(ANSWER_MS, () => request.destroy(new Error(`No answer within ${ANSWER_MS} ms`)));
    request.on('error', reject);
    const grouped = new Map<string, string[]>();
    for (const [name, value] of wire.headers) grouped.set(name, [...(grouped.get(name) ?? []), value]);
    for (const [name, values] of grouped) request.setHeader(name, values.length === 1 ? values[0]! : values);
    if (body !== undefined && !request.hasHeader('transfer-encoding')) request.setHeader('Content-Length', body.length);
    request.end(body);
  });
}

async function readAnswer(response: IncomingMessage, closeAfter: number | undefined): Promise<Answer> {
  const essence = response.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  const sse = essence === 'text/event-stream';
  const { text, ended } = await readBody(response, sse ? closeAfter : undefined);
  const framing: Framing = sse ? 'sse' : text === '' ? 'empty' : essence === 'application/json' ? 'json' : 'other';
  const parsed: Json = framing === 'json' ? (JSON.parse(text) as Json) : null;
  return {
    status: response.statusCode ?? 0,
    framing,
    headers: comparedHeaders(response, sse),
    messages: sse ? eventsOf(text) : framing === 'json' ? (Array.isArray(parsed) ? parsed : [parsed]) : [],
    batch: Array.isArray(parsed),
    ended,
  };
}

function readBody(
  response: IncomingMessage,
  closeAfter: number | undefined,
): Promise<{ text: string; ended: boolean }> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let linger: NodeJS.Timeout | undefined;
  return new Promise((resolve, reject) => {
    response.on('data', (chunk: Buffer) => {
      text += decoder.decode(chunk, { stream: true });
      if (closeAfter === undefined || linger !== undefined || eventsOf(text).length < closeAfter) return;
      linger = setTimeout(() => {
        response.destroy();
        resolve({ text, ended: false });
      }, LINGER_MS);
    });
    response.on('end', () => {
      clearTimeout(linger);
      resolve({ text: text + decoder.decode(), ended: true });
    });
    response.on('error', reject);
  });
}

/** The data of each complete event that carries any, parsed. */
function eventsOf(text: string): Json[] {
  const messages: Json[] = [];
  const complete = text.split(/\r?\n\r?\n/).slice(0, -1);
  for (const event of complete) {
    const data = event
      .split(/\r?\n/)
      .filter(line => line.startsWith('data:'))
      .map(line => line.slice(5).replace(/^ /, ''))
      .join('\n');
    if (data !== '') messages.push(JSON.parse(data) as Json);
  }
  return messages;
}

/** Headers with a meaning in MCP or for the status; the content type is in `framing`, values of a session id are not stable. */
function comparedHeaders(response: IncomingMessage, sse: boolean): Record<string, string> {
  const headers: Record<string, string> = {};
  const {
    allow,
    'mcp-session-id': session,
    'retry-after': retryAfter,
    'www-authenticate': challenge,
  } = response.headers;
  if (allow !== undefined) {
    headers['allow'] = allow
      .split(',')
      .map(method => method.trim())
      .sort()
      .join(', ');
  }
  if (session !== undefined) headers['mcp-session-id'] = 'present';
  if (retryAfter !== undefined) headers['retry-after'] = retryAfter;
  if (challenge !== undefined) headers['www-authenticate'] = challenge;
  const buffering = response.headers['x-accel-buffering'];
  if (sse && buffering !== undefined) headers['x-accel-buffering'] = String(buffering);
  return headers;
}

/**
 * Without what differs from one call to the next: sealed request states, of which only their presence counts, and
 * the order of the responses to a batch, which is free (JSON-RPC 2.0, section 6).
 */
function normalised(answer: Answer): Answer {
  const messages = answer.messages.map(opaqueStates);
  const responses = messages.every(message => memberOf(message, 'method') === undefined);
  if (responses) messages.sort((a, b) => String(memberOf(a, 'id')).localeCompare(String(memberOf(b, 'id'))));
  return { ...answer, messages };
}

function opaqueStates(value: Json): Json {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(opaqueStates);
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === 'requestState' && typeof member === 'string' && member !== '' ? '(opaque)' : opaqueStates(member),
    ]),
  );
}
