/** What a process printed last, for the message about its end. */
const KEPT_CHARACTERS = 4_096;
const SHOWN_CHARACTERS = 200;

export class LastLines {
  #kept = '';

  push(text: string): void {
    this.#kept = (this.#kept + text).slice(-KEPT_CHARACTERS);
  }

  /** The line that says most: the last one that names an error, else the last one. Without control characters. */
  get text(): string {
    const lines = this.#kept.split('\n').map(line => line.replace(/[\p{Cc}]+/gu, ' ').trim());
    const said = lines.filter(line => line !== '' && !line.startsWith('at ') && !line.startsWith('Node.js v'));
    const line = said.findLast(one => /error/i.test(one)) ?? said.at(-1) ?? '';
    return line.length > SHOWN_CHARACTERS ? `${line.slice(0, SHOWN_CHARACTERS)}...` : line;
  }
}
