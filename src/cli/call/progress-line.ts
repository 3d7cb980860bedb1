import type { Progress } from '../../protocol/progress.ts';
import { visibleLine } from '../reach/visible-text.ts';

const ERASE_LINE = '\r\u001B[K';

/** How far a call has come, on standard error: one line that changes at a terminal, a line each elsewhere. */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream;
  #shown = false;

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream;
  }

  show({ progress, total, message }: Progress): void {
    const amount = total === undefined ? `${progress}` : `${progress}/${total}`;
    const line = message === undefined ? amount : `${amount} ${visibleLine(message)}`;
    if (!this.#stream.isTTY) {
      this.#stream.write(`${line}\n`);
      return;
    }
    // A line that wraps could not be erased.
    this.#stream.write(`${ERASE_LINE}${line.slice(0, Math.max(20, this.#stream.columns - 1))}`);
    this.#shown = true;
  }

  /** Makes room for something else. */
  clear(): void {
    if (this.#shown) this.#stream.write(ERASE_LINE);
    this.#shown = false;
  }
}
