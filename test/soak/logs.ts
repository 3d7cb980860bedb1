/** The logs of the server: rotated as in production, looked through, and thrown away. */
import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AUDIT_LOG, SERVER_LOG } from './server-messages.ts';

const MAX_KEPT = 5;
const MAX_LENGTH = 600;
const IS_ERROR = /"level":"(error|fatal)"/;

export class Logs {
  readonly #directory: string;
  /** Lines of level error and above. */
  errors = 0;
  /** The first of them. */
  readonly kept: string[] = [];

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Moves the files away, has the server open new ones, and reads the old ones. */
  async rotate(reopen: () => Promise<unknown>): Promise<void> {
    const files = [SERVER_LOG, AUDIT_LOG].map(name => join(this.#directory, name));
    for (const file of files) await rename(file, `${file}.1`);
    await reopen();
    await this.#read(`${files[0]}.1`);
    for (const file of files) await rm(`${file}.1`);
  }

  /** Reads what is left when the server has closed. */
  async finish(): Promise<void> {
    await this.#read(join(this.#directory, SERVER_LOG));
  }

  async #read(file: string): Promise<void> {
    for (const line of (await readFile(file, 'utf8')).split('\n')) {
      if (!IS_ERROR.test(line)) continue;
      this.errors++;
      if (this.kept.length < MAX_KEPT) this.kept.push(line.slice(0, MAX_LENGTH));
    }
  }
}
