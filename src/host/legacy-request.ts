/** The SDK's building blocks for routing the two eras by hand. */
import { classify } from '../protocol/classification.ts';
import type { FetchHandler, FetchOptions } from '../transport/http/fetch-handler.ts';
import { readRequestBody, resolveMaxRequestBodySize } from '../transport/http/request-body.ts';
import type { McpServerFactory } from '../transport/http/served.ts';
import { createMcpHandler } from './mcp-handler.ts';

/** What a caller of a fetch-shaped handler adds to the request. */
export type McpHandlerRequestOptions = FetchOptions;

/** A fetch-shaped handler for the 2025 era. */
export type LegacyHttpHandler = FetchHandler;

export interface LegacyStatelessFallbackOptions {
  /** Bytes of a request body; default 4 MiB. */
  maxRequestBodySize?: number;
}

export interface IsLegacyRequestOptions {
  /** Bytes of a request body; default 4 MiB. Use the handler's own limit. */
  maxRequestBodySize?: number;
}

/**
 * Whether a request is of the 2025 era, by the same rules as the endpoint. The request stays readable.
 *
 * @param parsedBody the parsed body, if it has been read already
 * @returns false for a body beyond the limit: the modern handler answers 413
 */
export async function isLegacyRequest(
  request: Request,
  parsedBody?: unknown,
  options: IsLegacyRequestOptions = {},
): Promise<boolean> {
  if (request.method !== 'POST') return true;
  let body = parsedBody;
  if (body === undefined) {
    const read = await readRequestBody(request.clone(), resolveMaxRequestBodySize(options.maxRequestBodySize));
    if (read.tooLarge) return false;
    try {
      body = JSON.parse(read.text);
    } catch {
      return true;
    }
  }
  const { kind } = classify(body, {
    protocolVersion: request.headers.get('mcp-protocol-version') ?? undefined,
    mcpMethod: request.headers.get('mcp-method') ?? undefined,
    mcpName: request.headers.get('mcp-name') ?? undefined,
  });
  return kind === 'legacy' || kind === 'legacy-notification' || kind === 'response' || kind === 'batch';
}

/** A handler for requests of the 2025 era, without sessions. */
export function legacyStatelessFallback(
  factory: McpServerFactory,
  onerror?: (error: Error) => void,
  options: LegacyStatelessFallbackOptions = {},
): LegacyHttpHandler {
  return createMcpHandler(factory, { ...options, ...(onerror && { onerror }) }).fetch;
}
