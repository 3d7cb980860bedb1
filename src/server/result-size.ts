/** How large a tool's result may be. Models have a window, and clients cut what does not fit: better they ask for less. */
import { SlipwayError } from '../protocol/coded-error.ts';
import { isInputRequiredResult } from '../protocol/input-required.ts';
import { isPlainObject } from '../protocol/json-rpc.ts';
import type { Result } from '../protocol/result.ts';
import type { Call } from './call.ts';
import type { Logger } from './logger.ts';
import { type Outcome, PreparedResult } from './outcome.ts';
import type { ToolLimits } from './tool-limits.ts';
import { errorResult } from './tool-result.ts';

/** The part of a tool that matters here. */
interface SizedTool {
  readonly maxResultChars: number | undefined;
}

const HOUR_MS = 3_600_000;

export class ResultSize {
  readonly #limits: ToolLimits;
  readonly #logger: () => Logger;
  #tools: ReadonlyMap<string, SizedTool> = new Map();
  /** A result with no more characters than this is fine, whatever answered. */
  harmless = 0;
  /** Whether there is any limit beyond which a result is not sent. */
  hasLimits = false;
  /** When each tool was last warned of, by the monotonic clock. */
  readonly #warned = new Map<string, number>();

  constructor(limits: ToolLimits, logger: () => Logger) {
    this.#limits = limits;
    this.#logger = logger;
    this.refresh();
  }

  /** To be called when the limits have changed, or the tools that there are. */
  refresh(tools = this.#tools): void {
    this.#tools = tools;
    let least = this.#limits.maxResultChars ?? Infinity;
    for (const { maxResultChars = Infinity } of tools.values()) least = Math.min(least, maxResultChars);
    this.hasLimits = least < Infinity;
    this.harmless = Math.min(this.#limits.resultWarningChars, least);
  }

  /**
   * Looks at a result that is not harmless.
   *
   * @param chars of its JSON text
   * @returns the result to answer with instead; undefined when it may go
   */
  instead(call: Call, outcome: Outcome, chars: number): Result | undefined {
    if (call.method !== 'tools/call' || isInputRequiredResult(outcome)) return undefined;
    const name = String(call.params['name']);
    const limit = this.#limitOf(name);
    if (chars > limit) {
      const error = new SlipwayError('SLIP_RESULT_TOO_LARGE', { name, chars, limit });
      this.#warn(name, { code: error.code, tool: name, chars, limit }, 'a tool result was not sent: it is too large');
      return errorResult(error.message);
    }
    if (chars > this.#limits.resultWarningChars) {
      this.#warn(name, { tool: name, chars }, 'a tool result is so large that clients may cut it');
    }
    return undefined;
  }

  /** The same for a result that becomes text elsewhere: its size is estimated, unless there is a limit to keep. */
  insteadOfObject(call: Call, result: Result): Result | undefined {
    if (call.method !== 'tools/call') return undefined;
    const limited = this.#limitOf(String(call.params['name'])) < Infinity;
    const chars = limited ? JSON.stringify(result).length : textLength(result);
    return chars > this.harmless ? this.instead(call, result, chars) : undefined;
  }

  /** The outcome that whoever watches is told of: what will be answered instead of one beyond its limit, if it has one. */
  observedOutcome(call: Call, outcome: Outcome): Outcome {
    if (call.method !== 'tools/call' || outcome instanceof PreparedResult) return outcome;
    if (this.#limitOf(String(call.params['name'])) === Infinity) return outcome;
    return this.insteadOfObject(call, outcome) ?? outcome;
  }

  #limitOf(name: string): number {
    return this.#tools.get(name)?.maxResultChars ?? this.#limits.maxResultChars ?? Infinity;
  }

  /** Once per tool and hour; of tools that are not registered, as one. */
  #warn(name: string, about: object, message: string): void {
    const tool = this.#tools.has(name) ? name : '';
    const now = performance.now();
    const last = this.#warned.get(tool);
    if (last !== undefined && now - last < HOUR_MS) return;
    if (this.#warned.size > this.#tools.size) this.#warned.clear();
    this.#warned.set(tool, now);
    try {
      this.#logger().warn(about, message);
    } catch {
      // A logger that fails must not keep the client from its answer.
    }
  }
}

/** Characters of the texts and data in the content: most of a large result. */
function textLength({ content }: Result): number {
  if (!Array.isArray(content)) return 0;
  let length = 0;
  for (const block of content) {
    if (!isPlainObject(block)) continue;
    const { text, data } = block;
    if (typeof text === 'string') length += text.length;
    if (typeof data === 'string') length += data.length;
  }
  return length;
}
