/** What stands between clients and a server: how it is told from its answers, and what to write into its configuration. */

/** Of an answer; the `Headers` of fetch are one. */
export interface ResponseHeaders {
  /** @param name in any case; null where there is none */
  get(name: string): string | null;
}

/** A piece of configuration that mends something. */
export interface Snippet {
  /** Rows of the catalogue of failures that it mends. */
  readonly rows: readonly number[];
  /** For syntax highlighting: `nginx`, `js`, ... */
  readonly language: string;
  /** Lines without indentation of their own, and without a line end at the end. */
  readonly text: string;
}

export interface Front {
  /** As its makers write it. */
  readonly name: string;
  /**
   * Whether an answer has passed it, or was made by it. Says yes only where that is plain.
   *
   * @param body the text of the answer, or its beginning
   */
  recognise(headers: ResponseHeaders, body: string): boolean;
  readonly snippets: readonly Snippet[];
}

/** Whether a header matches; false where there is none. */
export function headerMatches(headers: ResponseHeaders, name: string, pattern: RegExp): boolean {
  const value = headers.get(name);
  return value !== null && pattern.test(value);
}

/** Whether the answer has one of these headers. */
export function hasHeader(headers: ResponseHeaders, ...names: readonly string[]): boolean {
  return names.some(name => headers.get(name) !== null);
}
