/**
 * What a handler did in the rounds before: its calls of `ctx.elicit`, `ctx.sample` and `ctx.step` in their order, with
 * the answers and results that there are. Travels sealed in `requestState` (MCP 2026-07-28, basic/patterns/mrtr).
 */
import { hash } from 'node:crypto';
import { canonicalJson } from '../protocol/canonical-json.ts';
import { SlipwayError } from '../protocol/coded-error.ts';
import type { RequestContext } from './context.ts';
import { bindingOf, limitsOf } from './request-binding.ts';
import { openRequestState, sealRequestState } from './request-state.ts';

export interface JournalCall {
  /** What was called; see {@link markOf}. */
  readonly mark: string;
  /** The answer or result as JSON text; undefined while there is none, and for a step that returned undefined. */
  readonly text: string | undefined;
  /** Whether it is a step that failed; `text` then says how. */
  readonly failed: boolean;
}

/**
 * That the call at `index` got its value when `calls` calls had been made. A replay gives values out in this order and
 * not before this many calls, so that branches that run concurrently take their turns as they did.
 */
export type Settlement = readonly [index: number, calls: number];

export interface Journal {
  /** The fingerprint of the handler that made the calls. */
  readonly handler: string;
  readonly calls: readonly JournalCall[];
  readonly settled: readonly Settlement[];
}

const FORMAT = 1;

/** Says that a state is a journal of ours and none that the author's own `requestState.verify` should look at. */
const TAG = 'slipway-journal.';

const KINDS = { elicit: 'e', sample: 'm', step: 's' } as const;

/** One call as a short text: its kind, and a digest of its parameters or its name. */
export function markOf(kind: keyof typeof KINDS, params: unknown): string {
  return KINDS[kind] + hash('sha256', canonicalJson(params), 'base64url').slice(0, 16);
}

export function isJournal(state: string): boolean {
  return state.startsWith(TAG);
}

/** @throws SlipwayError `SLIP_REQUEST_STATE_TOO_LARGE` */
export function sealJournal(context: RequestContext, { handler, calls, settled }: Journal): string {
  const entries = calls.map(({ mark, text, failed }) => {
    if (text === undefined) return `["${mark}"]`;
    return failed ? `["${mark}",${text},1]` : `["${mark}",${text}]`;
  });
  const text = `[${FORMAT},"${handler}",[${entries.join(',')}],${JSON.stringify(settled)}]`;
  return TAG + sealRequestState(context.server.keyring, text, bindingOf(context, 'journal'), limitsOf(context));
}

/**
 * @param state Untrusted, for which {@link isJournal} holds.
 * @throws SlipwayError `SLIP_SEAL_INVALID`, `SLIP_SEAL_EXPIRED`
 */
export function openJournal(context: RequestContext, state: string): Journal {
  const sealed = state.slice(TAG.length);
  const text = openRequestState(context.server.keyring, sealed, bindingOf(context, 'journal'), limitsOf(context));
  const [format, handler, entries, settled] = JSON.parse(text) as [
    number,
    string,
    [string, unknown?, 1?][],
    Settlement[],
  ];
  // Of another release: what it means is not known here.
  if (format !== FORMAT) throw new SlipwayError('SLIP_SEAL_INVALID', { why: 'its journal has another format' });
  const calls = entries.map(entry => ({
    mark: entry[0],
    text: entry.length === 1 ? undefined : JSON.stringify(entry[1]),
    failed: entry.length === 3,
  }));
  return { handler, calls, settled };
}
