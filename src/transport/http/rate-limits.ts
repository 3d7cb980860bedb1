/**
 * How much callers may use in a time. In two stages: {@link RateLimits.blocked} before a body is read, for callers whose
 * allowance is known to be used up, and {@link RateLimits.use} once it is known what they ask for.
 */
import { SlipwayError } from '../../protocol/coded-error.ts';
import type { Logger } from '../../server/logger.ts';
import type { MaybePromise } from '../../state/maybe-promise.ts';
import { type Caller, callerOf } from './caller.ts';
import type { HttpRequest } from './http-request.ts';
import { parseRate, RATE_FORMAT, type Rate } from './rate.ts';
import { RateLimitBlockList } from './rate-limit-block-list.ts';
import { type LimiterFactory, RateLimitWindow, type RateRefusal } from './rate-limit-window.ts';

/** Rates as `600/1m`; what is absent is not limited. */
export interface RateLimitOptions {
  /** Of one authenticated caller: one subject of one client. Whatever it sends costs a point, a call what its tool says. */
  rateLimitPerPrincipal?: string;
  /** Of one address without a token; IPv6 counts by /64. */
  rateLimitPerAddress?: string;
  /** Of one caller for each tool; a tool's own `rateLimit` is used in its place. */
  rateLimitPerTool?: string;
}

/** What a limit asks of a registered tool. */
export interface LimitedTool {
  readonly name: string;
  /** Points of a call; default 1. 0: free. */
  readonly cost?: number | undefined;
  /** Points of one caller per window for this tool. */
  readonly rateLimit?: string | undefined;
}

/** One request of a batch. */
export interface Charge {
  readonly tool: LimitedTool | undefined;
  readonly points: number;
}

/** What a request costs: a call what its tool says, a ping nothing, the rest 1. So does whatever else a caller sends. */
export function pointsOf(method: string, tool: LimitedTool | undefined): number {
  if (method === 'tools/call') return tool?.cost ?? 1;
  return method === 'ping' ? 0 : 1;
}

/** Of one caller. */
const MAX_TOOL_KEYS = 64;

function rateOf(option: keyof RateLimitOptions, text: string | undefined): Rate | undefined {
  if (text === undefined) return undefined;
  const rate = parseRate(text);
  if (rate !== undefined) return rate;
  throw new SlipwayError('SLIP_INVALID_OPTION', { option, why: `'${text}' is not ${RATE_FORMAT}` });
}

/** The limit of a scope of callers, and who of them has reached it. */
interface CallerLimit {
  readonly window: RateLimitWindow;
  readonly reached: RateLimitBlockList;
}

export class RateLimits {
  readonly #principal: CallerLimit | undefined;
  readonly #address: CallerLimit | undefined;
  readonly #perTool: Rate | undefined;
  /** By rate as text. A tool's own that is none is not limited: that was refused when it was registered. */
  readonly #tools = new Map<string, RateLimitWindow | undefined>();
  readonly #limiters: LimiterFactory;
  readonly #logger: () => Logger;

  /**
   * @param limiters makes what counts; called when a limit is first needed
   * @throws SlipwayError SLIP_INVALID_OPTION
   */
  constructor(options: RateLimitOptions, limiters: LimiterFactory, logger: () => Logger) {
    this.#limiters = limiters;
    this.#logger = logger;
    this.#principal = this.#callerLimit('principal', rateOf('rateLimitPerPrincipal', options.rateLimitPerPrincipal));
    this.#address = this.#callerLimit('address', rateOf('rateLimitPerAddress', options.rateLimitPerAddress));
    this.#perTool = rateOf('rateLimitPerTool', options.rateLimitPerTool);
  }

  #callerLimit(scope: 'principal' | 'address', rate: Rate | undefined): CallerLimit | undefined {
    if (rate === undefined) return undefined;
    const window = new RateLimitWindow(scope, rate, this.#limiters, this.#logger);
    return { window, reached: new RateLimitBlockList() };
  }

  #limitOf({ scope }: Caller): CallerLimit | undefined {
    return scope === 'principal' ? this.#principal : this.#address;
  }

  #windowOf(tool: LimitedTool | undefined): RateLimitWindow | undefined {
    if (tool === undefined) return undefined;
    const text = tool.rateLimit ?? this.#perTool?.text;
    if (text === undefined) return undefined;
    if (this.#tools.has(text)) return this.#tools.get(text);
    const rate = parseRate(text);
    const window = rate && new RateLimitWindow('tool', rate, this.#limiters, this.#logger);
    this.#tools.set(text, window);
    return window;
  }

  /** Callers that are refused without asking the store; for tests and metrics. */
  get blockedCallers(): number {
    return (this.#principal?.reached.size ?? 0) + (this.#address?.reached.size ?? 0);
  }

  /** Why a caller is to be refused before it is known what it asks for. Remembers nothing of it. */
  blocked(request: HttpRequest): RateRefusal | undefined {
    if ((this.#principal?.reached.size || this.#address?.reached.size || 0) === 0) return undefined;
    const caller = callerOf(request);
    const limit = caller && this.#limitOf(caller);
    const ms = limit?.reached.remaining(caller!.key) ?? 0;
    return ms === 0 ? undefined : limit!.window.refusal(ms);
  }

  /**
   * Counts a request.
   *
   * @param tool what a `tools/call` names, where it is registered
   * @param points see {@link pointsOf}; 0 is not counted
   * @returns why it is to be refused; a promise only where the store has to be asked
   */
  use(request: HttpRequest, tool: LimitedTool | undefined, points: number): MaybePromise<RateRefusal | undefined> {
    if (points === 0) return undefined;
    const ofTool = this.#windowOf(tool);
    if (this.#principal === undefined && this.#address === undefined && ofTool === undefined) return undefined;
    const caller = callerOf(request);
    if (caller === undefined) return undefined;
    const refusal = this.#useOf(caller, points);
    if (ofTool === undefined) return refusal;
    if (!(refusal instanceof Promise)) return refusal ?? ofTool.use(toolKey(tool!, caller), points);
    return refusal.then(found => found ?? ofTool.use(toolKey(tool!, caller), points));
  }

  /** Counts what was read for nothing: it is answered as it is, but must not be a way around the limit. */
  charge(request: HttpRequest): void {
    void this.use(request, undefined, 1);
  }

  /** Counts the requests of a batch: together for their caller, by tool for each tool. One refusal is one for all. */
  useAll(request: HttpRequest, charges: readonly Charge[]): MaybePromise<RateRefusal | undefined> {
    const sum = charges.reduce((total, { points }) => total + points, 0);
    const byTool = new Map<string, { readonly tool: LimitedTool; readonly window: RateLimitWindow; points: number }>();
    for (const { tool, points } of charges) {
      const window = this.#windowOf(tool);
      if (tool === undefined || window === undefined || points === 0) continue;
      const counted = byTool.get(tool.name);
      if (counted === undefined) byTool.set(tool.name, { tool, window, points });
      else counted.points += points;
    }
    const limited = this.#principal !== undefined || this.#address !== undefined || byTool.size > 0;
    const caller = limited && sum > 0 ? callerOf(request) : undefined;
    if (caller === undefined) return undefined;
    return this.#useEach(caller, sum, [...byTool.values()]);
  }

  async #useEach(
    caller: Caller,
    sum: number,
    tools: readonly { readonly tool: LimitedTool; readonly window: RateLimitWindow; readonly points: number }[],
  ): Promise<RateRefusal | undefined> {
    let refusal = await this.#useOf(caller, sum);
    for (const { tool, window, points } of tools) refusal ??= await window.use(toolKey(tool, caller), points);
    return refusal;
  }

  /** Counts what a caller uses of everything. */
  #useOf(caller: Caller, points: number): MaybePromise<RateRefusal | undefined> {
    const limit = this.#limitOf(caller);
    if (limit === undefined) return undefined;
    const refusal = limit.window.use(caller.key, points);
    if (refusal === undefined) return undefined;
    const block = (found: RateRefusal | undefined) => {
      if (found !== undefined) limit.reached.add(caller.key, found.retryAfterMs);
      return found;
    };
    return refusal instanceof Promise ? refusal.then(block) : block(refusal);
  }
}

/** Made once for a caller that comes again: to put a key together takes longer than to count. */
function toolKey({ name }: LimitedTool, { id, toolKeys }: Caller): string {
  const known = toolKeys?.get(name);
  if (known !== undefined) return known;
  const key = `${name} ${id}`;
  if (toolKeys !== undefined && toolKeys.size < MAX_TOOL_KEYS) toolKeys.set(name, key);
  return key;
}
