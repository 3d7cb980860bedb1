import { hash } from 'node:crypto';
import { canonicalJson } from '../protocol/canonical-json.ts';
import { SlipwayError } from '../protocol/coded-error.ts';
import type { Keyring } from '../sealing/keyring.ts';
import { open, seal, sealedLength } from '../sealing/seal.ts';

/**
 * What a requestState belongs to (MCP 2026-07-28, basic/patterns/mrtr, server requirements 5): a state presented by
 * somebody else, or on another request, is refused.
 */
export interface RequestStateBinding {
  /** Who is calling, when authenticated. */
  readonly principal?: string | undefined;
  /** `tools/call`, `prompts/get` or `resources/read`. */
  readonly method: string;
  /** See {@link argumentsDigest}. */
  readonly argumentsDigest: string;
  /** What the state holds when it is not the author's own: neither opens as the other. */
  readonly content?: 'journal' | undefined;
}

const PURPOSE = 'request-state';

/** Plaintext: encoding (1) | expiry in ms since 1970 as a 64-bit float (8) | the state. */
const PREFIX_BYTES = 9;
const UTF8 = 0;
const UTF16 = 1;

/** A JSON array keeps the parts apart whatever they contain; no principal is different from every principal. */
function contextOf(binding: RequestStateBinding): string {
  const parts = [binding.principal ?? null, binding.method, binding.argumentsDigest];
  return JSON.stringify(binding.content === undefined ? parts : [...parts, binding.content]);
}

/**
 * SHA-256 (base64url) over what makes a request the same request when it is sent again: `name` and `arguments`, or
 * `uri`. Members may come in another order; inputResponses, requestState and _meta are different in every round and do
 * not count. Absent arguments are the same as `{}`.
 *
 * @param params The params of a `tools/call`, `prompts/get` or `resources/read`.
 */
export function argumentsDigest(params: unknown): string {
  const { name, arguments: args, uri } = (params ?? {}) as { name?: unknown; arguments?: unknown; uri?: unknown };
  return hash('sha256', canonicalJson([name ?? null, args ?? {}, uri ?? null]), 'base64url');
}

/**
 * Seals the state that a handler returned, for one principal, one request and a limited time.
 *
 * @param options `ttlMs` from `now`, both in ms; `maxBytes` of the state in UTF-8.
 * @throws SlipwayError `SLIP_REQUEST_STATE_TOO_LARGE`; `SLIP_INVALID_OPTION` for a ttlMs that is not above zero.
 */
export function sealRequestState(
  keyring: Keyring,
  state: string,
  binding: RequestStateBinding,
  options: { readonly ttlMs: number; readonly now: number; readonly maxBytes: number },
): string {
  const { ttlMs, now, maxBytes } = options;
  if (!(ttlMs > 0)) {
    throw new SlipwayError('SLIP_INVALID_OPTION', { option: 'ttlMs', why: 'it must be above zero' });
  }
  // UTF-8 can not hold a lone surrogate: such a state travels as UTF-16, so that it comes back as it was.
  const wellFormed = state.isWellFormed();
  const body = Buffer.from(state, wellFormed ? 'utf8' : 'utf16le');
  if (body.byteLength > maxBytes) {
    throw new SlipwayError('SLIP_REQUEST_STATE_TOO_LARGE', { size: body.byteLength, limit: maxBytes });
  }
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt8(wellFormed ? UTF8 : UTF16, 0);
  prefix.writeDoubleBE(now + ttlMs, 1);
  return seal(keyring, PURPOSE, Buffer.concat([prefix, body]), contextOf(binding));
}

/**
 * Opens what {@link sealRequestState} made.
 *
 * @param sealed Untrusted: the requestState as the client echoed it.
 * @param options `now` in ms; `maxBytes` as when it was sealed.
 * @throws SlipwayError `SLIP_SEAL_INVALID` when it is not ours, altered, longer than any state allowed, or made for
 * another principal or request; `SLIP_SEAL_EXPIRED` from its expiry on.
 */
export function openRequestState(
  keyring: Keyring,
  sealed: string,
  binding: RequestStateBinding,
  options: { readonly now: number; readonly maxBytes: number },
): string {
  const maxLength = sealedLength(PREFIX_BYTES + options.maxBytes);
  const plaintext = Buffer.from(open(keyring, PURPOSE, sealed, contextOf(binding), maxLength));
  if (plaintext.byteLength < PREFIX_BYTES) {
    throw new SlipwayError('SLIP_SEAL_INVALID', { why: 'it holds no request state' });
  }
  if (!(options.now < plaintext.readDoubleBE(1))) throw new SlipwayError('SLIP_SEAL_EXPIRED');
  return plaintext.toString(plaintext.readUInt8(0) === UTF16 ? 'utf16le' : 'utf8', PREFIX_BYTES);
}
