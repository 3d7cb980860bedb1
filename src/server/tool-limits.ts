/** What one call of a tool may take and bring: by the tool, else by the server's author, else by the deployment. */
import { SlipwayError } from '../protocol/coded-error.ts';
import { parseRate, RATE_FORMAT } from '../protocol/rate.ts';

export interface ToolLimitOptions {
  /** Milliseconds that a call may take where the tool does not say; default: no limit but the request's own. */
  toolTimeoutMs?: number;
  /**
   * Characters that the JSON of a tool's result may have where the tool does not say; beyond that the model gets an error
   * that asks for less. Default: no limit.
   */
  maxResultChars?: number;
  /** Characters beyond which a result is worth a warning in the log, once per tool and hour; default 140,000, 0: never. */
  resultWarningChars?: number;
}

/** Claude cuts results near 150,000 characters. */
const RESULT_WARNING_CHARS = 140_000;

export class ToolLimits {
  readonly #author: ToolLimitOptions;
  #deployment: ToolLimitOptions = {};
  timeoutMs: number | undefined;
  maxResultChars: number | undefined;
  resultWarningChars = RESULT_WARNING_CHARS;

  /** @throws SlipwayError `SLIP_INVALID_OPTION` */
  constructor(author: ToolLimitOptions) {
    this.#author = author;
    this.use({});
  }

  /**
   * Takes what the deployment says, for what the server's author left open.
   *
   * @throws SlipwayError `SLIP_INVALID_OPTION`
   */
  use(deployment: ToolLimitOptions): void {
    for (const options of [this.#author, deployment]) {
      assertPositive('toolTimeoutMs', options.toolTimeoutMs);
      assertPositive('maxResultChars', options.maxResultChars);
      if (options.resultWarningChars !== 0) assertPositive('resultWarningChars', options.resultWarningChars);
    }
    this.#deployment = deployment;
    this.timeoutMs = this.#pick('toolTimeoutMs');
    this.maxResultChars = this.#pick('maxResultChars');
    const warning = this.#pick('resultWarningChars') ?? RESULT_WARNING_CHARS;
    this.resultWarningChars = warning === 0 ? Infinity : warning;
  }

  #pick(name: keyof ToolLimitOptions): number | undefined {
    return this.#author[name] ?? this.#deployment[name];
  }
}

/** @throws SlipwayError `SLIP_INVALID_OPTION` unless it is undefined, a number above zero, or Infinity: no limit */
export function assertPositive(option: string, value: number | undefined): void {
  if (value === undefined || (typeof value === 'number' && value > 0)) return;
  throw new SlipwayError('SLIP_INVALID_OPTION', { option, why: 'it must be a number above zero, or Infinity' });
}

// What a tool says for itself; each throws SlipwayError `SLIP_INVALID_OPTION`.

export function checkedTimeout(timeout: number | undefined): number | undefined {
  if (timeout === undefined || (Number.isFinite(timeout) && timeout > 0)) return timeout;
  throw new SlipwayError('SLIP_INVALID_OPTION', { option: 'timeout', why: 'it must be a number of ms above zero' });
}

export function checkedMaxResultChars(chars: number | undefined): number | undefined {
  assertPositive('maxResultChars', chars);
  return chars;
}

export function checkedCost(cost: number | undefined): number {
  if (cost === undefined || (Number.isSafeInteger(cost) && cost >= 0)) return cost ?? 1;
  throw new SlipwayError('SLIP_INVALID_OPTION', { option: 'cost', why: 'it must be a whole number, 0 or more' });
}

export function checkedRate(text: string | undefined): string | undefined {
  if (text === undefined || (typeof text === 'string' && parseRate(text) !== undefined)) return text;
  throw new SlipwayError('SLIP_INVALID_OPTION', { option: 'rateLimit', why: `it must be ${RATE_FORMAT}` });
}
