/** Prints what node:test reports: a line per file, and for a failure its place, its message and what the file printed. */
import { relative } from 'node:path';
import type { run } from 'node:test';
import { inspect } from 'node:util';

type TestStream = ReturnType<typeof run>;

/** What one file has printed and failed so far; shown only when it fails. */
interface FileLog {
  output: string;
  failures: string[];
}

function messageOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return (cause instanceof Error ? (cause.stack ?? cause.message) : inspect(cause)).replace(/^/gm, '    ');
}

/**
 * Reads a run to its end.
 *
 * @param root paths are printed relative to this folder
 * @returns how many tests passed and failed; skipped ones count as neither and are named
 */
export async function reportTests(stream: TestStream, root: string): Promise<{ passed: number; failed: number }> {
  const logs = new Map<string, FileLog>();
  const logOf = (file = ''): FileLog => {
    let log = logs.get(file);
    if (log === undefined) logs.set(file, (log = { output: '', failures: [] }));
    return log;
  };
  const skipped: string[] = [];
  let total = { passed: 0, failed: 0 };

  stream.on('test:stdout', ({ file, message }) => void (logOf(file).output += message));
  stream.on('test:stderr', ({ file, message }) => void (logOf(file).output += message));
  stream.on('test:pass', ({ file, name, skip }) => {
    if (skip) skipped.push(`${relative(root, file ?? '')}: ${name}${typeof skip === 'string' ? ` (${skip})` : ''}`);
  });
  stream.on('test:fail', ({ file, line, name, details }) => {
    // A suite or file fails because a test in it did; that test has been named.
    const { error } = details;
    if ('failureType' in error && error.failureType === 'subtestsFailed') return;
    logOf(file).failures.push(`  ${name} (${relative(root, file ?? '')}:${line})\n${messageOf(error)}`);
  });
  stream.on('test:summary', ({ file, counts, duration_ms }) => {
    if (file === undefined) {
      total = { passed: counts.passed, failed: counts.tests - counts.passed - counts.skipped - counts.todo };
      return;
    }
    const { failures, output } = logOf(file);
    const failed = failures.length > 0;
    const time = `${(duration_ms / 1000).toFixed(1)} s`;
    console.log(`${failed ? 'FAILED' : 'ok'}  ${relative(root, file)}  ${counts.passed}/${counts.tests}  ${time}`);
    for (const failure of failures) console.log(failure);
    if (failed && output !== '') console.log(`  it printed:\n${output.trimEnd().replace(/^/gm, '    ')}`);
    logs.delete(file);
  });

  for await (const _ of stream);
  for (const [file, { failures }] of logs) {
    for (const failure of failures) console.log(`FAILED  ${relative(root, file)}\n${failure}`);
  }
  for (const test of skipped) console.log(`skipped  ${test}`);
  return total;
}
