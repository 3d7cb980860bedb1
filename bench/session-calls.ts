/** The requests of a client that has a session, revision 2025-11-25. The session is begun before the timing. */
import {
  ACCEPT,
  answerTo,
  type Call,
  eventsOf,
  initializeCall,
  legacyCall,
  request,
  script,
  type Variables,
} from './call.ts';

const HEADERS = { ...ACCEPT, 'mcp-protocol-version': '2025-11-25' };

/** Begins a session as clients do, `initialize` and then `notifications/initialized`, and returns its id. */
async function beginSession(url: string): Promise<string> {
  const response = await fetch(url, { method: 'POST', headers: initializeCall.headers, body: initializeCall.body });
  const text = await response.text();
  const id = response.headers.get('mcp-session-id');
  if (id === null || !text.includes(initializeCall.expected)) throw new Error(`no session was begun: ${text}`);
  const initialized = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' });
  const headers = { ...HEADERS, 'mcp-session-id': id };
  const accepted = await fetch(url, { method: 'POST', headers, body: initialized });
  await accepted.arrayBuffer();
  if (accepted.status !== 202) throw new Error(`initialized: HTTP ${accepted.status}`);
  return id;
}

const inSession = async (url: string): Promise<Variables> => ({ SID: await beginSession(url) });

/** tools/call of `hello`. */
export const sessionCall: Call = { ...legacyCall, prepare: inSession };

const tell = (times: number) => request('tools/call', { name: 'tell', arguments: { times } });

/** tools/call of `tell`: the stream begins with an event that only has an id, then 10 notifications and the answer. */
export const streamCall: Call = {
  script: script('stream.lua'),
  headers: HEADERS,
  body: tell(10),
  expected: 'Told 10 times',
  events: 1 + 10 + 1,
  prepare: inSession,
};

/** What is behind the first event of the stream that is resumed: 99 notifications and the answer. */
const STORED = 100;

/** GET of a stream that has ended, from its first event on. One client: the latency of one resumption is asked for. */
export const resumeCall: Call = {
  script: script('resume.lua'),
  headers: { accept: 'text/event-stream', 'mcp-protocol-version': '2025-11-25' },
  expected: `Told ${STORED - 1} times`,
  events: STORED,
  connections: 1,
  prepare: async url => {
    const variables = await inSession(url);
    const stream = { headers: HEADERS, body: tell(STORED - 1), expected: resumeCall.expected, events: 1 + STORED };
    const [first = ''] = eventsOf(await answerTo(stream, url, variables));
    const id = /^id: (.+)$/m.exec(first)?.[1];
    if (id === undefined) throw new Error(`the stream can not be resumed; it begins with ${first}`);
    return { ...variables, LAST_EVENT_ID: id };
  },
};
