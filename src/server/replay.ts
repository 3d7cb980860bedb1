/** The calls that a handler makes in this round, and what the journal of the rounds before has for them. */
import type { InputRequests } from '../protocol/input-required.ts';
import { DerivedPromises } from './derived-promises.ts';
import type { Journal, JournalCall, Settlement } from './journal.ts';
import type { Question } from './question.ts';
import { recordedFailure } from './step-failure.ts';
import { Suspension } from './suspension.ts';

/** One call of this round. */
export interface ReplayCall extends JournalCall {
  readonly promise: Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
  /** Undefined for a step. */
  readonly question: Question | undefined;
  readonly settled: boolean;
}

const NOTHING: Journal = { handler: '', calls: [], settled: [] };

const fromText = (text: string | undefined): unknown => (text === undefined ? undefined : JSON.parse(text));

/** The name of a question in `inputRequests`, and of its answer. */
export const keyOf = (index: number, { kind }: Question): string => `${kind}-${index}`;

export class Replay {
  readonly earlier: Journal;
  readonly calls: ReplayCall[] = [];
  readonly #settled: Settlement[] = [];
  /** Settlements of the journal that are not given out yet. */
  readonly #due: Settlement[];
  readonly #recorded: ReadonlySet<number>;
  /** New answers that fit their questions, by the index of the call; given out after everything that is due. */
  readonly #answers = new Map<number, string>();

  readonly #derived = new DerivedPromises();

  constructor(earlier: Journal = NOTHING) {
    this.earlier = earlier;
    this.#due = [...earlier.settled];
    this.#recorded = new Set(this.#due.map(([index]) => index));
  }

  /** Whether the next call has a value in the journal. */
  get isRecorded(): boolean {
    return this.#recorded.has(this.calls.length);
  }

  /** What the rounds before called here; undefined when they did not get so far. */
  get before(): JournalCall | undefined {
    return this.earlier.calls[this.calls.length];
  }

  enter(mark: string, question: Question | undefined): ReplayCall {
    const call = {
      mark,
      question,
      text: undefined,
      failed: false,
      settled: false,
      ...Promise.withResolvers<unknown>(),
    };
    call.promise.catch(() => {}); // a handler that does not wait for it must not end the process
    if (question !== undefined) this.#derived.track(call.promise);
    this.calls.push(call);
    return call;
  }

  /** Notes a value that this round brought, and gives it to the handler. */
  settle(index: number, text: string | undefined): void {
    this.#note(index, text, false).resolve(fromText(text));
  }

  /** Notes that a step of this round failed, and lets it. */
  fail(index: number, text: string, error: unknown): void {
    this.#note(index, text, true).reject(error);
  }

  #note(index: number, text: string | undefined, failed: boolean): ReplayCall {
    this.#settled.push([index, this.calls.length]);
    return Object.assign(this.calls[index]!, { text, failed, settled: true });
  }

  /** Keeps a new answer until its turn. */
  keep(index: number, answer: unknown): void {
    this.#answers.set(index, JSON.stringify(answer));
  }

  /** Whether values wait for calls that the handler has not made yet. */
  get holds(): boolean {
    return this.#due.length > 0 || this.#answers.size > 0;
  }

  /** Gives out what may be given out after so many calls. */
  giveOut(): void {
    while (this.#due.length > 0 && this.#due[0]![1] <= this.calls.length) this.#giveDue();
    if (this.#due.length === 0 && this.calls.length >= this.earlier.calls.length) this.#giveAnswers();
  }

  /** Gives out the next value of those held, whatever calls are missing. */
  giveNext(): void {
    if (this.#due.length > 0 && this.#due[0]![0] < this.calls.length) this.#giveDue();
    else this.#giveAnswers();
  }

  #giveDue(): void {
    const [index] = this.#due.shift()!;
    const { text, failed } = this.earlier.calls[index]!;
    const call = this.#note(index, text, failed);
    if (failed && text !== undefined) call.reject(recordedFailure(text));
    else call.resolve(fromText(text));
  }

  #giveAnswers(): void {
    const answers = [...this.#answers];
    this.#answers.clear();
    for (const [index, text] of answers) this.settle(index, text);
  }

  /** Ends the handler at the questions that have no answer. */
  suspend(): void {
    this.#derived.handle();
    for (const { reject } of this.open) reject(new Suspension());
  }

  /** Questions without an answer. */
  get open(): ReplayCall[] {
    return this.calls.filter(({ question, settled }) => question !== undefined && !settled);
  }

  get inputRequests(): InputRequests {
    const requests = this.calls.flatMap(({ question, settled }, index) =>
      question === undefined || settled ? [] : [[keyOf(index, question), question.request] as const],
    );
    return Object.fromEntries(requests);
  }

  /** What the next round needs. */
  journal(handler: string): Journal {
    return { handler, calls: this.calls, settled: this.#settled };
  }
}
