/** Reads HTTP/1.1 responses from raw bytes, strictly: what a picky client would make of them. */

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case; repeated ones joined by commas. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

export interface ReadAnswers {
  readonly answers: readonly HttpAnswer[];
  /** The body of a stream that has begun and not ended, with its status and headers. */
  readonly unfinished: HttpAnswer | undefined;
  /** Why the bytes are no HTTP, if they are none. */
  readonly fault: string | undefined;
  /** Whether the connection was closed in the middle of an answer. */
  readonly isCutOff: boolean;
}

const STATUS_LINE = /^HTTP\/1\.[01] ([1-5]\d\d) [^\r\n]*$/;

function parseHead(text: string): { status: number; headers: Map<string, string> } | undefined {
  const [statusLine = '', ...lines] = text.split('\r\n');
  const status = STATUS_LINE.exec(statusLine)?.[1];
  if (status === undefined) return undefined;
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon <= 0) return undefined;
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers.set(name, headers.has(name) ? `${headers.get(name)}, ${value}` : value);
  }
  return { status: Number(status), headers };
}

interface Body {
  readonly bytes: Buffer;
  /** Where the next answer begins; undefined while this one is not whole. */
  readonly end: number | undefined;
}

function readChunks(bytes: Buffer, from: number): Body | undefined {
  const parts: Buffer[] = [];
  let at = from;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return { bytes: Buffer.concat(parts), end: undefined };
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    if (!(size >= 0)) return undefined;
    const start = lineEnd + 2;
    if (bytes.length < start + size + 2) return { bytes: Buffer.concat(parts), end: undefined };
    if (bytes.toString('latin1', start + size, start + size + 2) !== '\r\n') return undefined;
    if (size === 0) return { bytes: Buffer.concat(parts), end: start + 2 };
    parts.push(bytes.subarray(start, start + size));
    at = start + size + 2;
  }
}

function readBody(
  bytes: Buffer,
  from: number,
  status: number,
  headers: Map<string, string>,
  isHead: boolean,
): Body | undefined {
  if (isHead || status === 204 || status === 304) return { bytes: Buffer.alloc(0), end: from };
  if (headers.get('transfer-encoding') === 'chunked') return readChunks(bytes, from);
  const length = headers.get('content-length');
  if (length === undefined) return { bytes: bytes.subarray(from), end: undefined };
  if (!/^\d+$/.test(length)) return undefined;
  const end = from + Number(length);
  return { bytes: bytes.subarray(from, end), end: end <= bytes.length ? end : undefined };
}

/**
 * Reads everything that arrived so far.
 *
 * @param isHead - whether the request was a HEAD, so that no body follows
 * @param isClosed - whether the connection is closed, which ends a body without a length
 */
export function readAnswers(bytes: Buffer, isHead: boolean, isClosed: boolean): ReadAnswers {
  const answers: HttpAnswer[] = [];
  const malformed = (fault: string): ReadAnswers => ({ answers, unfinished: undefined, fault, isCutOff: false });
  let at = 0;
  while (at < bytes.length) {
    const headEnd = bytes.indexOf('\r\n\r\n', at);
    if (headEnd < 0) return { answers, unfinished: undefined, fault: undefined, isCutOff: isClosed };
    const head = parseHead(bytes.toString('latin1', at, headEnd));
    if (head === undefined) return malformed('the head of an answer is malformed');
    const { status, headers } = head;
    at = headEnd + 4;
    if (status < 200) continue;
    const body = readBody(bytes, at, status, headers, isHead);
    if (body === undefined) return malformed('the framing of an answer is malformed');
    const answer = { status, headers, body: body.bytes.toString('utf8') };
    const endsWithConnection = !headers.has('content-length') && !headers.has('transfer-encoding');
    if (body.end === undefined && !(isClosed && endsWithConnection)) {
      return { answers, unfinished: answer, fault: undefined, isCutOff: isClosed };
    }
    answers.push(answer);
    at = body.end ?? bytes.length;
  }
  return { answers, unfinished: undefined, fault: undefined, isCutOff: false };
}
