/** Headers as they travel: in order, with duplicates, in the case in which they were written. */
export class HeaderList implements Iterable<readonly [name: string, value: string]> {
  readonly #pairs: readonly (readonly [string, string])[];

  constructor(pairs: readonly (readonly [string, string])[]) {
    this.#pairs = pairs;
  }

  /** @param raw names and values in turn, as node:http has them */
  static fromRaw(raw: readonly string[]): HeaderList {
    const pairs: [string, string][] = [];
    for (let at = 0; at + 1 < raw.length; at += 2) pairs.push([raw[at]!, raw[at + 1]!]);
    return new HeaderList(pairs);
  }

  /** Every value of a header; the name in any case. */
  all(name: string): readonly string[] {
    const wanted = name.toLowerCase();
    return this.#pairs.filter(([given]) => given.toLowerCase() === wanted).map(([, value]) => value);
  }

  /** The first value. */
  get(name: string): string | undefined {
    return this.all(name)[0];
  }

  has(name: string): boolean {
    return this.all(name).length > 0;
  }

  [Symbol.iterator](): Iterator<readonly [string, string]> {
    return this.#pairs[Symbol.iterator]();
  }
}
