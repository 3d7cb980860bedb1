import type { Json } from './exchange.ts';
import type { Answer } from './replay.ts';
import { AUTHORED } from './servers.ts';

/** One leaf in which two answers differ; `undefined` where a side has nothing. */
export interface Difference {
  /** `status`, `framing`, `batch`, `ended`, `headers.<name>`, or a path into the messages such as `messages.0.error.code`. */
  readonly field: string;
  readonly sdk: Json | undefined;
  readonly slipway: Json | undefined;
}

/** Every difference between two answers to the same exchange. */
export function differences(sdk: Answer, slipway: Answer): Difference[] {
  const found: Difference[] = [];
  compare('status', sdk.status, slipway.status, found);
  compare('framing', sdk.framing, slipway.framing, found);
  compare('batch', sdk.batch, slipway.batch, found);
  compare('ended', sdk.ended, slipway.ended, found);
  const sameFraming = sdk.framing === slipway.framing;
  compare('headers', streamless(sdk, sameFraming), streamless(slipway, sameFraming), found);
  compare('messages', sdk.messages, slipway.messages, found);
  return found;
}

/** A stream's own headers are compared between streams only: the framing is a difference of its own. */
function streamless(answer: Answer, sameFraming: boolean): Json {
  const { 'x-accel-buffering': buffering, ...rest } = answer.headers;
  return sameFraming && buffering !== undefined ? { ...rest, 'x-accel-buffering': buffering } : rest;
}

function compare(field: string, sdk: Json | undefined, slipway: Json | undefined, found: Difference[]): void {
  if (isContainer(sdk) && isContainer(slipway) && Array.isArray(sdk) === Array.isArray(slipway)) {
    for (const key of new Set([...Object.keys(sdk), ...Object.keys(slipway)])) {
      compare(`${field}.${key}`, member(sdk, key), member(slipway, key), found);
    }
    return;
  }
  if (sdk === slipway || isFreeText(field, sdk, slipway)) return;
  found.push({ field, sdk, slipway });
}

function isContainer(value: Json | undefined): value is readonly Json[] | { readonly [key: string]: Json } {
  return value !== null && typeof value === 'object';
}

function member(container: readonly Json[] | { readonly [key: string]: Json }, key: string): Json | undefined {
  return Object.hasOwn(container, key) ? (Reflect.get(container, key) as Json) : undefined;
}

/**
 * Whether a text is the library's own wording, which no revision prescribes: the `message` of an error
 * (JSON-RPC 2.0 section 5.1: a short description). A text that a handler wrote is compared.
 */
function isFreeText(field: string, sdk: Json | undefined, slipway: Json | undefined): boolean {
  if (!/^messages\.\d+\.error\.message$/.test(field)) return false;
  if (typeof sdk !== 'string' || typeof slipway !== 'string') return false;
  return slipway !== '' && !sdk.includes(AUTHORED) && !slipway.includes(AUTHORED);
}
