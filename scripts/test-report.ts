/** Prints what node:test reports: a line per file, and for a failure its place, its message and what the file printed. */
import { relative, resolve } from 'node:path';
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

function printFailures({ failures, output }: FileLog): void {
  if (failures.length === 0) return;
  for (const failure of failures) console.log(failure);
  if (output !== '') console.log(`  it printed:\n${output.trimEnd().replace(/^/gm, '    ')}`);
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
    const key = relative(root, resolve(root, file));
    let log = logs.get(key);
    if (log === undefined) logs.set(key, (log = { output: '', failures: [] }));
    return log;
  };
  const skipped: string[] = [];
  let total = { passed: 0, failed: 0 };
  let named = 0;

  stream.on('test:stdout', ({ file, message }) => void (logOf(file).output += message));
  stream.on('test:stderr', ({ file, message }) => void (logOf(file).output += message));
  stream.on('test:pass', ({ file, name, skip }) => {
    if (skip) skipped.push(`${relative(root, file ?? '')}: ${name}${typeof skip === 'string' ? ` (${skip})` : ''}`);
  });
  stream.on('test:fail', ({ file, line, name, details }) => {
    // A suite or file fails because a test in it did; that test has been named.
    const { error } = details;
    if ('failureType' in error && error.failureType === 'subtestsFailed') return;
    named++;
    logOf(file).failures.push(`  ${name} (${relative(root, file ?? '')}:${line})\n${messageOf(error)}`);
  });
  stream.on('test:summary', ({ file, counts, duration_ms }) => {
    if (file === undefined) {
      total = { passed: counts.passed, failed: counts.tests - counts.passed - counts.skipped - counts.todo };
      return;
    }
    const log = logOf(file);
    const name = relative(root, file);
    const outcome = log.failures.length > 0 ? 'FAILED' : 'ok';
    console.log(`${outcome}  ${name}  ${counts.passed}/${counts.tests}  ${(duration_ms / 1000).toFixed(1)} s`);
    printFailures(log);
    logs.delete(name);
  });

  for await (const _ of stream);
  // What is left never got as far as a summary: the file threw while it was loaded, or was ended by the time limit.
  for (const [file, log] of logs) {
    if (log.failures.length === 0) continue;
    console.log(`FAILED  ${file}`);
    printFailures(log);
  }
  for (const test of skipped) console.log(`skipped  ${test}`);
  // A suite whose own hook throws fails without a failing test in it.
  return { passed: total.passed, failed: Math.max(total.failed, named) };
}
