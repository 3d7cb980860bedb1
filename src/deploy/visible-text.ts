const MAX_CHARS = 200;

/** Words of a file that somebody else may have written, for a terminal: no control characters, and not without end. */
export function visibleText(text: string): string {
  const shown = text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS)}...` : text;
  return shown.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd');
}
