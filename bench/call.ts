/** The request each wrk script sends, made once by hand before the timing: a server that answers wrongly is not timed. */
import { resolve } from 'node:path';

/** One kind of request: the wrk script that sends it, what it sends, and what the answer must contain. */
export type Call = {
  script: string;
  headers: Record<string, string>;
  body: string;
  expected: string;
};

const script = (name: string) => resolve(import.meta.dirname, 'yardstick', name);

const ACCEPT = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
};

const modernHeaders = (method: string) => ({ ...ACCEPT, 'mcp-protocol-version': '2026-07-28', 'mcp-method': method });

const request = (method: string, params: object) => JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });

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

/** initialize, revision 2025-11-25. */
export const initializeCall: Omit<Call, 'script'> = {
  headers: ACCEPT,
  body: request('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'bench', version: '1' },
  }),
  expected: '"protocolVersion":"2025-11-25"',
};

/** Makes the call and returns the body; throws unless the status is 200 and the body contains what is expected. */
export async function answerTo(call: Omit<Call, 'script'>, url: string): Promise<string> {
  const response = await fetch(url, { method: 'POST', headers: call.headers, body: call.body });
  const text = await response.text();
  if (response.status !== 200 || !text.includes(call.expected) || text.includes('"isError":true')) {
    throw new Error(`HTTP ${response.status}: ${text.slice(0, 300)}`);
  }
  return text;
}
