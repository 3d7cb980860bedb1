/** The request each wrk script sends, made once by hand before the timing: a server that answers wrongly is not timed. */
import { resolve } from 'node:path';

/** What only a running server can give: the wrk scripts read it from their environment under these names. */
export type Variables = {
  /** A session id. */
  SID?: string;
  /** The id of the event after which a stream is resumed. */
  LAST_EVENT_ID?: string;
};

/** One kind of request: the wrk script that sends it, what it sends, and what the answer must contain. */
export type Call = {
  script: string;
  headers: Record<string, string>;
  /** Absent: a GET. */
  body?: string;
  expected: string;
  /** How many events the answer has; absent for an answer that is no event stream. */
  events?: number;
  /** How many connections send it at a time; default 32. */
  connections?: number;
  /** Asks the server for what the request needs. */
  prepare?: (url: string) => Promise<Variables>;
};

export const script = (name: string) => resolve(import.meta.dirname, 'yardstick', name);

export const ACCEPT = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
};

const modernHeaders = (method: string) => ({ ...ACCEPT, 'mcp-protocol-version': '2026-07-28', 'mcp-method': method });

export const request = (method: string, params: object) => JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });

const HELLO = { name: 'hello', arguments: { name: 'Ada' } };

/** tools/call of `hello`, revision 2026-07-28. */
export const modernCall: Call = {
  script: script('modern.lua'),
  headers: { ...modernHeaders('tools/call'), 'mcp-name': 'hello' },
  body: request('tools/call', { ...HELLO, _meta: ENVELOPE }),
  expected: 'Hello, Ada!',
};

/** tools/call of `hello`, revision 2025-11-25. */
export const legacyCall: Call = {
  script: script('legacy.lua'),
  headers: { ...ACCEPT, 'mcp-protocol-version': '2025-11-25' },
  body: request('tools/call', HELLO),
  expected: 'Hello, Ada!',
};

/** tools/list, revision 2026-07-28. */
export const listCall: Call = {
  script: script('list.lua'),
  headers: modernHeaders('tools/list'),
  body: request('tools/list', { _meta: ENVELOPE }),
  expected: '"hello"',
};

/** subscriptions/listen for changes of the tool list, revision 2026-07-28. No wrk script: its streams are held, not timed. */
export const listenCall = {
  headers: modernHeaders('subscriptions/listen'),
  body: request('subscriptions/listen', { notifications: { toolsListChanged: true }, _meta: ENVELOPE }),
};

/** initialize, revision 2025-11-25: it begins a session where the server has sessions. */
export const initializeCall = {
  headers: ACCEPT,
  body: request('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'bench', version: '1' },
  }),
  expected: '"protocolVersion":"2025-11-25"',
};

function variableHeaders({ SID, LAST_EVENT_ID }: Variables): Record<string, string> {
  return {
    ...(SID !== undefined && { 'mcp-session-id': SID }),
    ...(LAST_EVENT_ID !== undefined && { 'last-event-id': LAST_EVENT_ID }),
  };
}

/** The events of a stream, each with the empty line that ends it; comments are none. */
export function eventsOf(stream: string): string[] {
  const blocks = stream.match(/.+?\n\n/gs) ?? [];
  return blocks.filter(block => !block.startsWith(':'));
}

/** Makes the call and returns the body; throws unless the status is 200 and the body is what is expected. */
export async function answerTo(
  call: Omit<Call, 'script'>,
  url: string,
  variables: Variables = {},
  patience = AbortSignal.timeout(10_000),
): Promise<string> {
  const { headers, body, expected, events } = call;
  const method = body === undefined ? 'GET' : 'POST';
  const sent = { ...headers, ...variableHeaders(variables) };
  const response = await fetch(url, { method, headers: sent, body, signal: patience });
  const text = await response.text();
  const shown = `HTTP ${response.status}: ${text.slice(0, 300)}`;
  if (response.status !== 200 || !text.includes(expected) || text.includes('"isError":true')) throw new Error(shown);
  const received = eventsOf(text).length;
  if (events !== undefined && received !== events) throw new Error(`${received} events, not ${events}: ${shown}`);
  return text;
}
