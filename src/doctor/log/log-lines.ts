/** The lines of a log file, one by one, however large the file or a line is. */
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';

/** What is longer is no line of a log that we know. */
const MAX_LINE_CHARS = 64 * 1024;

/**
 * @param path a file, `.gz` among them; `-` is standard input
 * @throws whatever opening and reading the file throws
 */
export async function* logLines(path: string): AsyncGenerator<string> {
  const file = path === '-' ? process.stdin : createReadStream(path);
  const stream = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  // A pipe does not pass errors on.
  if (stream !== file) file.on('error', error => stream.destroy(error));
  let rest = '';
  let isTooLong = false;
  for await (const chunk of stream.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = chunk.split('\n');
    const last = lines.pop()!;
    for (const line of lines) {
      if (!isTooLong) yield (rest + line).replace(/\r$/, '');
      rest = '';
      isTooLong = false;
    }
    if (isTooLong || rest.length + last.length > MAX_LINE_CHARS) {
      isTooLong = true;
      rest = '';
    } else rest += last;
  }
  if (rest !== '') yield rest;
}
