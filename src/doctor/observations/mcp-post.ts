/** One POST of a JSON-RPC message, in the voice of a client. */
import type { Examination } from '../examination.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { StreamEvent } from '../exchange/stream-event.ts';
import { observation } from '../observation.ts';
import { isMember, jsonObject } from './rpc-answer.ts';

/** How a client writes its requests. What is undefined is not sent. */
export interface Voice {
  readonly userAgent: string;
  readonly accept?: string | undefined;
  /** `MCP-Protocol-Version`. */
  readonly revision?: string | undefined;
}

export interface McpPost {
  /** A JSON-RPC message, or text that is sent as it is. */
  readonly message: unknown;
  readonly voice: Voice;
  readonly sessionId?: string | undefined;
  /** Further headers, after all others. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** Default: the examined URL. */
  readonly url?: URL | string;
  /** Default true: with `--bearer` and `--header`. */
  readonly credentials?: boolean;
  readonly timeoutMs?: number;
  readonly address?: string;
  readonly impatient?: boolean;
  /** `Accept-Encoding`; default: what Claude sends. */
  readonly codings?: string;
  /** Default: reads a stream no further than the answer. */
  readonly stop?: (event: StreamEvent) => boolean;
}

export const CODINGS = 'gzip, deflate';

function isAnswer(data: string): boolean {
  const message = jsonObject(data);
  return message !== undefined && ('result' in message || isMember(message['error']));
}

/** Sessions that are ended; nobody gives more, but for those who give one to each request. */
const MAX_SESSIONS = 60;

/** DELETE, as clients do. Sent once for one session. */
export function endSession(examination: Examination, id: string, post: Omit<McpPost, 'message'>): Promise<Exchange> {
  const { voice, credentials = true, address } = post;
  return examination.once(`session ${id}`, () =>
    examination.exchange({
      url: post.url ?? examination.url,
      method: 'DELETE',
      credentials,
      impatient: true,
      ...(address !== undefined && { address }),
      headers: [
        ['User-Agent', voice.userAgent],
        ...(voice.revision === undefined ? [] : [['MCP-Protocol-Version', voice.revision] as const]),
        ['Mcp-Session-Id', id],
      ],
    }),
  );
}

const given = observation(async () => new Set<string>());

/** A session that nobody asked for any further is ended with the examination all the same. */
async function endLater(examination: Examination, post: McpPost, { request, response }: Exchange): Promise<void> {
  const id = response?.headers.get('mcp-session-id');
  if (id === undefined || id === '' || id === post.sessionId) return;
  const ids = await given(examination);
  if (ids.has(id) || ids.size >= MAX_SESSIONS) return;
  ids.add(id);
  examination.atEnd(() => endSession(examination, id, { ...post, url: request.url }));
}

/** A session that comes of it is ended with the examination. */
export async function mcpPost(examination: Examination, post: McpPost): Promise<Exchange> {
  const { message, voice, sessionId, headers = [], credentials = true, timeoutMs, address, impatient } = post;
  const exchange = await examination.exchange({
    url: post.url ?? examination.url,
    method: 'POST',
    credentials,
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(address !== undefined && { address }),
    ...(impatient !== undefined && { impatient }),
    headers: [
      ...(voice.accept === undefined ? [] : [['Accept', voice.accept] as const]),
      ['Accept-Encoding', post.codings ?? CODINGS],
      ['User-Agent', voice.userAgent],
      ...(voice.revision === undefined ? [] : [['MCP-Protocol-Version', voice.revision] as const]),
      ...(sessionId === undefined ? [] : [['Mcp-Session-Id', sessionId] as const]),
      ['Content-Type', 'application/json'],
      ...headers,
    ],
    body: typeof message === 'string' ? message : JSON.stringify(message),
    stop: post.stop ?? (event => isAnswer(event.data)),
  });
  await endLater(examination, post, exchange);
  return exchange;
}
