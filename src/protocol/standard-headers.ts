/**
 * The headers that mirror a modern request's body, checked against it. MCP 2026-07-28, basic/transports/streamable-http,
 * "Standard Request Headers" and "Server Validation".
 */
import type { StandardHeaders } from './classification.ts';
import { decodeHeaderValue, encodeHeaderValue } from './header-value.ts';
import type { JSONRPCRequest, Notification } from './json-rpc.ts';

/** The field of `params` that `Mcp-Name` mirrors, for the methods that have one. */
const NAME_SOURCE: ReadonlyMap<string, 'name' | 'uri' | 'taskId'> = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
  ['tasks/get', 'taskId'],
  ['tasks/update', 'taskId'],
  ['tasks/cancel', 'taskId'],
]);

/** The headers that a client sends with a modern request or notification: method, and name where the method has one. */
export function mirroredHeaders({ method, params }: Notification): Record<string, string> {
  const source = NAME_SOURCE.get(method);
  const name = source && params?.[source];
  return { 'mcp-method': method, ...(typeof name === 'string' && { 'mcp-name': encodeHeaderValue(name) }) };
}

/** What is wrong with the headers: the header's value and a sentence for the error message. */
export interface HeaderFault {
  readonly header: string;
  readonly body: string;
}

/**
 * Checks presence of the required headers and `Mcp-Name` against the body. That `MCP-Protocol-Version` and `Mcp-Method`
 * agree with it where they are present was settled by classification.
 */
export function standardHeaderFault(message: JSONRPCRequest, headers: StandardHeaders): HeaderFault | undefined {
  if (headers.protocolVersion === undefined) {
    return { header: '(missing)', body: 'the required MCP-Protocol-Version header is absent' };
  }
  if (headers.mcpMethod === undefined) {
    return { header: '(missing)', body: `the body names method ${message.method}, the Mcp-Method header is absent` };
  }
  const source = NAME_SOURCE.get(message.method);
  if (source === undefined) return undefined;
  const value = (message.params as Record<string, unknown> | undefined)?.[source];
  const name = headers.mcpName;
  if (name === undefined) {
    // Without the field in the body the params are invalid, which is answered by the method itself.
    if (typeof value !== 'string') return undefined;
    return { header: '(missing)', body: `params.${source} is "${value}", the Mcp-Name header is absent` };
  }
  const decoded = decodeHeaderValue(name);
  if (decoded === undefined) return { header: name, body: 'the Mcp-Name header is not validly encoded' };
  if (typeof value === 'string' && decoded !== value) {
    return { header: name, body: `params.${source} is "${value}", the Mcp-Name header names "${decoded}"` };
  }
  return undefined;
}
