/** Text of a server on somebody's terminal: without what could move the cursor, set colours or hide something. */
export function visibleText(text: string): string {
  // Tabs and line feeds may stay; bidirectional overrides could show something else than what is there.
  return text.replace(/\r\n?/g, '\n').replace(/(?![\n\t])[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, '\uFFFD');
}

/** The same in one line. */
export function visibleLine(text: string): string {
  return visibleText(text).replace(/\s+/g, ' ').trim();
}
