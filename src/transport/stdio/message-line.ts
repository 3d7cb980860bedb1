/** What one line from the client is: messages for the server, or a fault that is answered here. */
import { isUtf8 } from 'node:buffer';
import { readableId } from '../../protocol/classification.ts';
import { SlipwayError } from '../../protocol/coded-error.ts';
import {
  INVALID_REQUEST,
  isJSONRPCMessage,
  isPlainObject,
  type JSONRPCMessage,
  PARSE_ERROR,
  type RequestId,
} from '../../protocol/json-rpc.ts';
import { parseJson } from '../../protocol/json-text.ts';

export type MessageLine =
  | { readonly kind: 'blank' }
  /** `message` may be an array, which is a batch; it is not checked yet. */
  | { readonly kind: 'message'; readonly message: JSONRPCMessage }
  /** `answer` is the line to send back. */
  | { readonly kind: 'fault'; readonly answer: string; readonly why: string }
  /** A response that is none: it must not be answered, or two sides might answer each other for ever. */
  | { readonly kind: 'broken-response'; readonly why: string };

function fault(id: RequestId | null, code: number, message: string, data?: object): MessageLine {
  const answer = `${JSON.stringify({ jsonrpc: '2.0', id, error: { code, message, ...(data && { data }) } })}\n`;
  return { kind: 'fault', answer, why: message };
}

function codedFault({ code, what, fix }: SlipwayError): MessageLine {
  return fault(null, INVALID_REQUEST, `${what}. ${fix}`, { code });
}

/** The fault of a line with more bytes than allowed: the code is that of HTTP, the advice is not. */
export function oversizedLine(limit: number): MessageLine {
  const { code } = new SlipwayError('SLIP_BODY_TOO_LARGE', { limit });
  const text = `The line has more than ${limit} bytes. Send less, or raise maxBodyBytes of serveStdio().`;
  return fault(null, INVALID_REQUEST, text, { code });
}

const BLANK = /^[ \t\r]*$/;

/**
 * Reads one line.
 *
 * @param bytes without the line's end
 * @param maxDepth levels of arrays and objects
 */
export function readMessageLine(bytes: Buffer, maxDepth: number): MessageLine {
  if (!isUtf8(bytes)) return fault(null, PARSE_ERROR, 'Parse error: the line is not valid UTF-8');
  const text = bytes.toString('utf8');
  if (BLANK.test(text)) return { kind: 'blank' };
  let value: unknown;
  try {
    value = parseJson(text, maxDepth);
  } catch (error) {
    if (error instanceof SlipwayError) return codedFault(error);
    return fault(null, PARSE_ERROR, 'Parse error: the line is not valid JSON');
  }
  if (isJSONRPCMessage(value) || Array.isArray(value)) return { kind: 'message', message: value as JSONRPCMessage };
  const why = 'Invalid Request: the line is not a JSON-RPC 2.0 message';
  if (isPlainObject(value) && value['method'] === undefined && ('result' in value || 'error' in value)) {
    return { kind: 'broken-response', why };
  }
  return fault(readableId(value), INVALID_REQUEST, why);
}
