/** What an author has to do when a server starts and stops, and what has to hold for it to be ready. */
import { SlipwayError } from '../protocol/coded-error.ts';

export interface HookOptions {
  /** For messages: `database`. Default: `onStart`, `onStop`, `ready`, with a number from the second on. */
  name?: string;
  /** Milliseconds that it may take; default 10,000, for a readiness check 2,000. */
  timeoutMs?: number;
}

/** Given an abort signal that fires when its time is over. */
export type Hook = (signal: AbortSignal) => unknown;

/** Holds when it returns without throwing, and not `false`. */
export type ReadinessCheck = (signal: AbortSignal) => unknown;

export interface NamedHook {
  readonly name: string;
  readonly timeoutMs: number;
  readonly run: Hook;
}

const HOOK_TIMEOUT_MS = 10_000;
const CHECK_TIMEOUT_MS = 2_000;

export class LifecycleHooks {
  /** Run one after the other before the server listens. One that fails keeps it from starting. */
  readonly onStart: NamedHook[] = [];
  /** Run in reverse order once nothing is in flight. One that fails is logged. */
  readonly onStop: NamedHook[] = [];
  readonly ready: NamedHook[] = [];

  /** @throws SlipwayError `SLIP_INVALID_OPTION` */
  add(kind: 'onStart' | 'onStop' | 'ready', run: Hook, options: HookOptions = {}): void {
    if (typeof run !== 'function')
      throw new SlipwayError('SLIP_INVALID_OPTION', { option: kind, why: 'it is no function' });
    const { timeoutMs = kind === 'ready' ? CHECK_TIMEOUT_MS : HOOK_TIMEOUT_MS } = options;
    if (!Number.isSafeInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > 2 ** 31 - 1) {
      const why = `${String(timeoutMs)} is no whole number above zero`;
      throw new SlipwayError('SLIP_INVALID_OPTION', { option: `${kind}.timeoutMs`, why });
    }
    const list = this[kind];
    const name = options.name ?? (list.length === 0 ? kind : `${kind} ${list.length + 1}`);
    list.push({ name, timeoutMs, run });
  }
}

/**
 * Runs a hook under its time limit.
 *
 * @throws SlipwayError `SLIP_HOOK_TIMEOUT`; whatever it throws itself
 */
export async function runHook({ name, timeoutMs, run }: NamedHook): Promise<unknown> {
  const deadline = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new SlipwayError('SLIP_HOOK_TIMEOUT', { name, ms: timeoutMs });
      deadline.abort(error);
      reject(error);
    }, timeoutMs);
  });
  try {
    return await Promise.race([Promise.resolve().then(() => run(deadline.signal)), late]);
  } finally {
    clearTimeout(timer);
  }
}
