/** Headers that tell browsers what not to do with an answer. */
import type { PublicUrl } from './public-url.ts';
import type { Headers } from './responder.ts';

const NOSNIFF = 'nosniff';
/** A year, and this name only: what else the operator serves below it is not ours to decide. */
const HSTS = 'max-age=31536000';

/** An error is for whoever asked: some caches keep a 404 or 405 for a while, and would give it to everybody. */
const NO_STORE: Headers = { 'cache-control': 'no-store' };

/** What an answer of this status carries beside the rest. */
export function errorHeaders(status: number): Headers | undefined {
  return status < 400 ? undefined : NO_STORE;
}

/** For what a browser would show: texts and health, never MCP. Beside those of {@link SecurityHeaders}. */
export const RENDERED_HEADERS: Headers = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  ...NO_STORE,
};

/** The head of a JSON answer. A literal each time: to spread objects costs as much as another header. */
export type JsonHead = (length: number) => Record<string, string | number>;

function plainHead(length: number): Record<string, string | number> {
  return { 'content-type': 'application/json', 'content-length': length, 'x-content-type-options': NOSNIFF };
}

function strictHead(length: number): Record<string, string | number> {
  return {
    'content-type': 'application/json',
    'content-length': length,
    'x-content-type-options': NOSNIFF,
    'strict-transport-security': HSTS,
  };
}

/** What every answer carries. */
export class SecurityHeaders {
  /** `X-Content-Type-Options`, and `Strict-Transport-Security` where the public URL is https. */
  readonly common: Headers;
  /** {@link common} with the type and the length of a JSON answer. */
  readonly json: JsonHead;

  constructor(publicUrl?: PublicUrl) {
    const isHttps = publicUrl?.isHttps === true;
    this.common = { 'x-content-type-options': NOSNIFF, ...(isHttps && { 'strict-transport-security': HSTS }) };
    this.json = isHttps ? strictHead : plainHead;
  }
}
