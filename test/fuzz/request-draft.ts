/** An HTTP request before it becomes bytes. */

export interface RequestDraft {
  method: string;
  target: string;
  version: string;
  headers: [name: string, value: string][];
  body: Buffer;
  /** How the end of the body is told: its length, chunks, or not at all. */
  framing: 'length' | 'chunked' | 'none';
  /** Where the body is cut into chunks. */
  chunkSize: number;
}

/** What a client of the endpoint sends around a message. */
export function postDraft(port: number, headers: readonly [string, string][], body: string | Buffer): RequestDraft {
  return {
    method: 'POST',
    target: '/mcp',
    version: 'HTTP/1.1',
    headers: [
      ['Host', `127.0.0.1:${port}`],
      ['Content-Type', 'application/json'],
      ['Accept', 'application/json, text/event-stream'],
      ...headers,
    ],
    body: Buffer.from(body),
    framing: 'length',
    chunkSize: 64 * 1024,
  };
}

export function setHeader(draft: RequestDraft, name: string, value: string | undefined): void {
  draft.headers = draft.headers.filter(([existing]) => existing.toLowerCase() !== name.toLowerCase());
  if (value !== undefined) draft.headers.push([name, value]);
}

function chunked(body: Buffer, size: number): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; at += size) {
    const chunk = body.subarray(at, at + size);
    parts.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n'));
  }
  parts.push(Buffer.from('0\r\n\r\n'));
  return Buffer.concat(parts);
}

/** The bytes on the wire. Header values are latin1, as node:http reads them. */
export function toBytes(draft: RequestDraft): Buffer {
  const headers = [...draft.headers];
  if (draft.framing === 'length') headers.push(['Content-Length', String(draft.body.length)]);
  if (draft.framing === 'chunked') headers.push(['Transfer-Encoding', 'chunked']);
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const head = Buffer.from(`${draft.method} ${draft.target} ${draft.version}\r\n${lines}\r\n`, 'latin1');
  return Buffer.concat([head, draft.framing === 'chunked' ? chunked(draft.body, draft.chunkSize) : draft.body]);
}
