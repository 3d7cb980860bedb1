/** Judges what the target made of an input. */
import type { Exchange } from './exchange.ts';
import type { FuzzInput } from './generate.ts';
import type { HttpAnswer } from './http-answer.ts';

export type FindingKind = 'crash' | 'hang' | 'no answer' | 'wrong answer' | 'wrong status' | 'leaked text' | 'memory';

export interface Finding {
  readonly kind: FindingKind;
  readonly detail: string;
}

/** What the target's own code says in an error that no client may see. */
export const SECRET = 'the-database-password-is-hunter2';

/** Lines of a stack trace, paths of source files, and what the engine says when a program is wrong. */
const INTERNALS = [
  /\n\s+at\s/,
  /\\n\s+at\s/,
  /node:internal|node_modules/,
  /file:\/\//,
  /\.(?:ts|js|mjs):\d+/,
  /Cannot read propert|is not a function|is not iterable|is not defined|Maximum call stack|Invalid array length/,
  /Unexpected token|in JSON at position|ERR_[A-Z_]+|HPE_[A-Z_]+/,
  new RegExp(SECRET),
];

/** The statuses that an error with this code may travel with. */
const STATUSES_OF_CODE: ReadonlyMap<number, readonly number[]> = new Map([
  [-32700, [400]],
  [-32600, [200, 400, 403, 404, 405, 406, 408, 413, 414, 415, 417, 431]],
  [-32601, [200, 404]],
  [-32602, [200, 400]],
  [-32020, [400]],
  [-32021, [400]],
  [-32022, [400]],
]);

/** The statuses that this server has a use for. No 3xx: clients that are redirected lose their credentials. */
const STATUSES = new Set([200, 202, 204, 400, 403, 404, 405, 406, 408, 413, 414, 415, 417, 431]);

interface RpcError {
  readonly code: number;
  readonly message: string;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The error of a response, null for a result, undefined for what is no JSON-RPC message from a server. */
function errorOf(message: unknown): RpcError | null | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { jsonrpc, method, result, error } = message as Record<string, unknown>;
  if (jsonrpc !== '2.0') return undefined;
  if (typeof method === 'string') return null;
  if (typeof result === 'object' && result !== null && error === undefined) return null;
  if (typeof error !== 'object' || error === null || result !== undefined) return undefined;
  const { code, message: text } = error as Record<string, unknown>;
  if (!Number.isSafeInteger(code) || typeof text !== 'string' || text.trim() === '') return undefined;
  return { code: code as number, message: text };
}

function type({ headers }: HttpAnswer): string {
  return (headers.get('content-type') ?? '').split(';')[0]!.trim();
}

/** The messages that a body holds, or undefined when it is neither JSON nor a stream of events. */
function messagesOf(answer: HttpAnswer): unknown[] | undefined {
  const { body } = answer;
  if (type(answer) === 'application/json') {
    const parsed = parse(body);
    return parsed === undefined ? undefined : Array.isArray(parsed) ? parsed : [parsed];
  }
  if (type(answer) !== 'text/event-stream') return undefined;
  const messages: unknown[] = [];
  for (const event of body.split('\n\n')) {
    const data = event.split('\n').filter(line => line.startsWith('data:'));
    if (data.length > 0) messages.push(parse(data.map(line => line.slice(5).trimStart()).join('\n')));
  }
  return messages;
}

function judgeErrors(errors: readonly RpcError[], status: number): Finding | undefined {
  for (const { code, message } of errors) {
    if (code === -32603) return { kind: 'wrong answer', detail: `internal error for bad input: ${message}` };
    const statuses = STATUSES_OF_CODE.get(code);
    if (statuses !== undefined && !statuses.includes(status)) {
      return { kind: 'wrong status', detail: `error ${code} (${message}) with status ${status}` };
    }
  }
  return undefined;
}

function judgeAnswer(answer: HttpAnswer, input: FuzzInput): Finding | undefined {
  const { status, body } = answer;
  const leak = INTERNALS.find(pattern => pattern.test(body));
  if (leak !== undefined) return { kind: 'leaked text', detail: `${leak} in: ${body.slice(0, 500)}` };
  if (!STATUSES.has(status)) return { kind: 'wrong status', detail: `${status}: ${body.slice(0, 300)}` };
  if (input.status !== undefined && !input.status.includes(status)) {
    return { kind: 'wrong status', detail: `${status}, not ${input.status.join(' or ')}: ${body.slice(0, 300)}` };
  }
  if (status === 405 && !answer.headers.has('allow')) return { kind: 'wrong answer', detail: '405 without Allow' };
  if (input.isHead) return undefined;
  if (status === 202 || status === 204) {
    return body === '' ? undefined : { kind: 'wrong answer', detail: `${status} with a body: ${body.slice(0, 300)}` };
  }
  // Where no MCP endpoint is, nothing answers as one: a client would take it for a sign-in that is asked for.
  if (status === 404 && input.status?.includes(404) === true && type(answer) === 'text/plain') return undefined;
  const messages = messagesOf(answer);
  if (messages === undefined || messages.length === 0) {
    return {
      kind: 'wrong answer',
      detail: `${status} without a JSON-RPC message: ${JSON.stringify(body.slice(0, 300))}`,
    };
  }
  const errors: RpcError[] = [];
  for (const message of messages) {
    const error = errorOf(message);
    if (error === undefined) {
      return { kind: 'wrong answer', detail: `not a JSON-RPC message: ${JSON.stringify(message)?.slice(0, 300)}` };
    }
    if (error !== null) errors.push(error);
  }
  if (status >= 400 && errors.length === 0)
    return { kind: 'wrong answer', detail: `status ${status} without an error` };
  return judgeErrors(errors, status);
}

/** The first thing that is wrong, or undefined when all is as it should be. */
export function judge(input: FuzzInput, { ending, answers, fault, isCutOff }: Exchange): Finding | undefined {
  if (ending === 'unreachable') return { kind: 'crash', detail: 'nobody listens any more' };
  if (fault !== undefined) return { kind: 'wrong answer', detail: fault };
  if (isCutOff && input.isFramed)
    return { kind: 'wrong answer', detail: 'the connection was closed in the middle of it' };
  if (ending === 'hung') return { kind: 'hang', detail: `${answers.length} of ${input.answers} answers` };
  if (input.isFramed && answers.length === 0) return { kind: 'no answer', detail: 'the connection was closed' };
  for (const answer of answers) {
    const finding = judgeAnswer(answer, input);
    if (finding !== undefined) return finding;
  }
  return undefined;
}
