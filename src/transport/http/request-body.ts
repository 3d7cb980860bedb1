/** Reading the body of a web `Request`, bounded. */

/** The most bytes that a request body may have unless an option says otherwise: 4 MiB. */
export const DEFAULT_MAX_REQUEST_BODY_SIZE: number = 4 * 1024 * 1024;

/** The message of the 413, the same wherever the body is read. */
export function tooLargeMessage(maxBytes: number): string {
  return `Payload Too Large: Request body must not exceed ${maxBytes} bytes`;
}

/** A body has more bytes than allowed; answered with `status`. */
export class RequestBodyTooLargeError extends Error {
  override readonly name = 'RequestBodyTooLargeError';
  readonly status = 413;

  constructor(maxBytes: number) {
    super(tooLargeMessage(maxBytes));
  }
}

/**
 * The bound that a `maxRequestBodySize` option stands for.
 *
 * @throws RangeError for anything but a positive, finite number
 */
export function resolveMaxRequestBodySize(value: number | undefined): number {
  if (value === undefined) return DEFAULT_MAX_REQUEST_BODY_SIZE;
  if (Number.isFinite(value) && value > 0) return value;
  throw new RangeError(`maxRequestBodySize must be a positive number of bytes, got ${String(value)}`);
}

/** A body as text, or that it has too many bytes. */
export type RequestBody = { tooLarge: true } | { tooLarge: false; text: string };

/**
 * Reads a body as UTF-8 text. One that announces too many bytes is not read at all; another is read until it has sent
 * too many.
 *
 * @param maxBytes - default {@link DEFAULT_MAX_REQUEST_BODY_SIZE}
 */
export async function readRequestBody(
  request: Request,
  maxBytes: number = DEFAULT_MAX_REQUEST_BODY_SIZE,
): Promise<RequestBody> {
  if (Number(request.headers.get('content-length')) > maxBytes) return { tooLarge: true };
  if (request.body === null) return { tooLarge: false, text: '' };
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  for await (const chunk of request.body) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the stream.
    if (bytes > maxBytes) return { tooLarge: true };
    text += decoder.decode(chunk, { stream: true });
  }
  return { tooLarge: false, text: text + decoder.decode() };
}
