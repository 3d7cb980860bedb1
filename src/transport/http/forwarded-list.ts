/** The elements of a comma-separated header from the right: the nearest proxy wrote the last one. */
export class ForwardedList {
  readonly #text: string;
  #end: number;

  constructor(text: string) {
    this.#text = text;
    this.#end = text.length;
  }

  /** The next one to the left; undefined when there is none. */
  next(): string | undefined {
    const end = this.#end;
    if (end < 0) return undefined;
    this.#end = end === 0 ? -1 : this.#text.lastIndexOf(',', end - 1);
    return this.#text.slice(this.#end + 1, end).trim();
  }
}

/** The element that the proxy `hops` steps away wrote: where each adds one. Where there are fewer, the leftmost. */
export function elementAt(text: string | undefined, hops: number): string | undefined {
  if (text === undefined) return undefined;
  const list = new ForwardedList(text);
  let found = list.next();
  for (let hop = 1; hop < hops; hop++) {
    const further = list.next();
    if (further === undefined) break;
    found = further;
  }
  return found === '' ? undefined : found;
}
