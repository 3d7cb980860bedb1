/** What is shown while the doctor works: one line that changes at a terminal, a line per stage elsewhere. */
import { STAGE_TITLES, type Stage } from '../catalogue/catalogue-entry.ts';
import type { Progress } from '../engine.ts';
import type { Probe } from '../probe.ts';

export interface ProgressTarget {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

const CLEAR = '\r\u001b[2K';

export class ProgressLine implements Progress {
  readonly #target: ProgressTarget;
  readonly #running: string[] = [];
  #stage: Stage | undefined;

  constructor(target: ProgressTarget) {
    this.#target = target;
  }

  stageBegins(stage: Stage): void {
    this.#stage = stage;
    if (this.#target.isTTY !== true) this.#target.write(`examining ${STAGE_TITLES[stage]}\n`);
    this.#show();
  }

  probeBegins({ name }: Probe): void {
    this.#running.push(name);
    this.#show();
  }

  probeEnds({ name }: Probe): void {
    this.#running.splice(this.#running.indexOf(name), 1);
    this.#show();
  }

  stageEnds(): void {
    if (this.#target.isTTY === true) this.#target.write(CLEAR);
  }

  #show(): void {
    const { isTTY, columns = 80 } = this.#target;
    if (isTTY !== true || this.#stage === undefined) return;
    const text = `examining ${STAGE_TITLES[this.#stage]}: ${this.#running.join(', ')}`;
    this.#target.write(CLEAR + (text.length < columns ? text : `${text.slice(0, columns - 2)}…`));
  }
}
