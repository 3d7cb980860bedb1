import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const LINES_AROUND = 2;
const MAX_CHARS = 160;

/**
 * The lines around a place that a message names, with a mark before the line itself.
 *
 * @param message with `(path:line)` somewhere in it, as load errors have it; the path is relative to the current folder
 * @returns undefined when it names none, or the file can not be read
 */
export function codeFrame(message: string): string | undefined {
  const [, path, line] = /\(([^()\n]+):(\d+)\)/.exec(message) ?? [];
  if (path === undefined) return undefined;
  let lines: string[];
  try {
    lines = readFileSync(resolve(path), 'utf8').split(/\r?\n/);
  } catch {
    return undefined;
  }
  const at = Number(line);
  if (at > lines.length) return undefined;
  const first = Math.max(1, at - LINES_AROUND);
  const shown = lines.slice(first - 1, at + LINES_AROUND);
  const width = String(first + shown.length - 1).length;
  return shown
    .map((text, index) => {
      const number = first + index;
      return `${number === at ? '>' : ' '} ${String(number).padStart(width)} | ${text.slice(0, MAX_CHARS)}`.trimEnd();
    })
    .join('\n');
}
