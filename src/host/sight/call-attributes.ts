/** What a span says of a call, in the words of OpenTelemetry's semantic conventions for MCP. */
import { hash } from 'node:crypto';
import type { Attributes } from '@opentelemetry/api';
import { ProtocolError } from '../../protocol/protocol-error.ts';
import type { EndedCall } from '../../server/call-observer.ts';
import type { RequestContext } from '../../server/context.ts';
import { errorTypeOf, methodOf } from './call-series.ts';

/** What clients choose themselves is cut at this length. */
const MAX_CLIENT_CHARS = 256;
const MAX_CONTENT_CHARS = 4096;

/** `tools/call weather`: the method, and what of ours it names; never what a client made up. */
export function spanNameOf(context: RequestContext): string {
  const name = nameAttribute(context);
  const method = methodOf(context);
  return name === undefined ? method : `${method} ${name[1]}`;
}

/** The tool or prompt that was found. */
function nameAttribute({ call, component }: RequestContext): readonly [string, string] | undefined {
  if (component === undefined) return undefined;
  if (call.method === 'tools/call') return ['gen_ai.tool.name', component];
  return call.method === 'prompts/get' ? ['gen_ai.prompt.name', component] : undefined;
}

/** What is the same for many calls, and so may be an attribute of a metric as well. */
export function commonAttributes({ call, http }: RequestContext): Attributes {
  return {
    ...(call.method === 'tools/call' && { 'gen_ai.operation.name': 'execute_tool' }),
    'mcp.protocol.version': call.revision,
    ...(http === undefined
      ? { 'network.transport': 'pipe' }
      : { 'network.transport': 'tcp', 'network.protocol.name': 'http' }),
  };
}

export function attributesAtStart(context: RequestContext, captureContent: boolean): Attributes {
  const { call, http, sessionId } = context;
  const clientAddress = http?.remoteAddress;
  return {
    'mcp.method.name': call.method.slice(0, MAX_CLIENT_CHARS),
    'jsonrpc.request.id': String(call.id).slice(0, MAX_CLIENT_CHARS),
    ...commonAttributes(context),
    ...(clientAddress !== undefined && { 'client.address': clientAddress }),
    // Whoever has the id of a session can speak in it.
    ...(sessionId !== undefined && { 'mcp.session.id': hash('sha256', sessionId).slice(0, 32) }),
    ...(captureContent && content(context)),
  };
}

function content({ call }: RequestContext): Attributes {
  const { uri, arguments: args } = call.params;
  return {
    ...(typeof uri === 'string' && { 'mcp.resource.uri': uri.slice(0, MAX_CONTENT_CHARS) }),
    ...(call.method === 'tools/call' &&
      args !== undefined && { 'gen_ai.tool.call.arguments': JSON.stringify(args).slice(0, MAX_CONTENT_CHARS) }),
  };
}

/** Codes that say that the caller asked for what can not be served: no errors, as far as the server is concerned. */
const CALLER_FAULTS = new Set(['-32700', '-32600', '-32601', '-32602', '-32002']);

/** Whether a call failed in a way that is the server's to look into; takes what `errorTypeOf` says. */
export function isServerFault(errorType: string): boolean {
  return errorType !== '' && errorType !== 'cancelled' && !CALLER_FAULTS.has(errorType);
}

/** Takes what `errorTypeOf` says. */
export function failureAttributes(errorType: string): Attributes {
  return {
    ...(isServerFault(errorType) && { 'error.type': errorType }),
    ...(/^-?\d+$/.test(errorType) && { 'rpc.response.status_code': errorType }),
    ...(errorType === 'cancelled' && { 'slipway.outcome': errorType }),
  };
}

export function attributesAtEnd(ended: EndedCall): Attributes {
  const { context, outcome } = ended;
  const name = nameAttribute(context);
  return {
    ...(name !== undefined && { [name[0]]: name[1] }),
    ...failureAttributes(errorTypeOf(ended)),
    ...(outcome === 'input_required' && { 'slipway.outcome': outcome }),
  };
}

/** What the client is told of an error; undefined where that is only a reference to the log. */
export function refusalTextOf({ error }: EndedCall): string | undefined {
  return error instanceof ProtocolError ? error.message.slice(0, MAX_CLIENT_CHARS) : undefined;
}
