import { createHmac, timingSafeEqual } from 'node:crypto';
import { decodeBase64url } from '../sealing/base64url.ts';
import type { ServerContext } from './context.ts';

export interface RequestStateCodecOptions {
  /**
   * The secret, at least 32 bytes; a string counts as its UTF-8 bytes. Every process that may get the state back needs
   * the same one.
   */
  key: Uint8Array | string;
  /** How long a state is valid, in seconds; default 600. */
  ttlSeconds?: number;
  /**
   * What to bind a state to, asked when it is minted and again when it comes back: for example the caller and the
   * method. The value itself does not appear in the state.
   */
  bind?: (ctx: ServerContext) => string;
}

export interface RequestStateCodec<T = unknown> {
  /**
   * Turns a payload that JSON can express into the string for `inputRequired({ requestState })`.
   *
   * @param ctx Needed when the codec has a `bind`.
   */
  mint(payload: T, ctx?: ServerContext): Promise<string>;
  /**
   * The payload of a state that came back; goes into `ServerOptions.requestState.verify` as it is. Rejects with an error
   * whose message is `malformed`, `mac`, `expired` or `bind` and nothing else.
   */
  verify(state: string, ctx: ServerContext): Promise<T>;
}

interface StateBody<T> {
  p: T;
  exp: number;
  b?: string;
}

const PREFIX = 'v1.';
const BIND_LABEL = 'mcp.requestState.bind:';
const BIND_TAG_BYTES = 16;
const MIN_KEY_BYTES = 32;
const DEFAULT_TTL_SECONDS = 600;

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && timingSafeEqual(a, b);
}

/**
 * Signs states with HMAC-SHA-256 for servers that want to keep the codec in their own hands; without one Slipway
 * seals every state by itself (and encrypts it, which this does not: the payload is readable by the client).
 *
 * The wire shape is the one of the official SDK, `v1.` body `.` mac, so that processes of both can share a key while one
 * replaces the other. MCP 2026-07-28, basic/patterns/mrtr, server requirements 4 and 5.
 *
 * @throws RangeError when the key is shorter than 32 bytes or ttlSeconds is not a finite number.
 */
export function createRequestStateCodec<T = unknown>(options: RequestStateCodecOptions): RequestStateCodec<T> {
  // A copy: wiping the caller's bytes afterwards must not change the key.
  const key = Buffer.from(options.key);
  if (key.byteLength < MIN_KEY_BYTES) {
    throw new RangeError(
      `createRequestStateCodec: key has ${key.byteLength} bytes, at least ${MIN_KEY_BYTES} are needed`,
    );
  }
  const ttlSeconds = options.ttlSeconds ?? DEFAULT_TTL_SECONDS;
  if (!Number.isFinite(ttlSeconds)) {
    throw new RangeError('createRequestStateCodec: ttlSeconds must be a finite number');
  }
  const { bind } = options;

  const hmac = (text: string): Buffer => createHmac('sha256', key).update(text).digest();
  const bindTag = (ctx: ServerContext, callback: (ctx: ServerContext) => string): string =>
    hmac(BIND_LABEL + callback(ctx))
      .subarray(0, BIND_TAG_BYTES)
      .toString('base64url');

  return {
    async mint(payload, ctx) {
      const content: StateBody<T> = { p: payload, exp: nowSeconds() + ttlSeconds };
      if (bind !== undefined) {
        if (ctx === undefined) throw new TypeError('mint() needs the ctx as its second argument: the codec has a bind');
        content.b = bindTag(ctx, bind);
      }
      const signed = PREFIX + Buffer.from(JSON.stringify(content), 'utf8').toString('base64url');
      return `${signed}.${hmac(signed).toString('base64url')}`;
    },

    async verify(state, ctx) {
      const dot = typeof state === 'string' ? state.lastIndexOf('.') : -1;
      if (dot <= PREFIX.length || !state.startsWith(PREFIX)) throw new Error('malformed');
      const signed = state.slice(0, dot);
      const mac = decodeBase64url(state.slice(dot + 1));
      if (mac === undefined) throw new Error('malformed');
      // First of all the mac: what follows looks only at values that somebody with the key made.
      if (!equal(mac, hmac(signed))) throw new Error('mac');

      let content: StateBody<T>;
      try {
        content = JSON.parse(Buffer.from(signed.slice(PREFIX.length), 'base64url').toString('utf8'));
      } catch {
        throw new Error('malformed');
      }
      if (typeof content?.exp !== 'number' || content.exp < nowSeconds()) throw new Error('expired');
      if (bind === undefined) {
        // Made by a codec that binds: accepting it here would quietly lift the binding.
        if (content.b !== undefined) throw new Error('bind');
      } else {
        const expected = Buffer.from(bindTag(ctx, bind), 'utf8');
        if (typeof content.b !== 'string' || !equal(Buffer.from(content.b, 'utf8'), expected)) throw new Error('bind');
      }
      return content.p;
    },
  };
}
