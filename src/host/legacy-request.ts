/** The SDK's building blocks for routing the two eras by hand. */
import { classify } from '../protocol/classification.ts';
import type { FetchHandler } from '../transport/http/fetch-handler.ts';
import type { McpServerFactory } from '../transport/http/served.ts';
import { type CreateMcpHandlerOptions, createMcpHandler } from './mcp-handler.ts';

/**
 * Whether a request is of the 2025 era, by the same rules as the endpoint. The request stays readable.
 *
 * @param parsedBody the parsed body, if it has been read already
 */
export async function isLegacyRequest(request: Request, parsedBody?: unknown): Promise<boolean> {
  if (request.method !== 'POST') return true;
  let body = parsedBody;
  if (body === undefined) {
    try {
      body = JSON.parse(await request.clone().text());
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
  options: CreateMcpHandlerOptions = {},
): FetchHandler {
  return createMcpHandler(factory, { ...options, ...(onerror && { onerror }) }).fetch;
}
