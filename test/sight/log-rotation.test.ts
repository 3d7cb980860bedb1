import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { reopenOnSignal } from '../../src/host/sight/log-rotation.ts';
import { productionLogger } from '../../src/host/sight/production-logger.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { eventually } from '../support/serving.ts';
import { linesIn } from './logged-server.ts';

const NO_SIGNALS = { skip: process.platform === 'win32' ? 'there is no SIGUSR2' : false };

// The test runner hands its own options on, and with them a diagnostic report for this very signal.
if (process.report !== undefined) process.report.reportOnSignal = false;

function messagesIn(path: string): string[] {
  return linesIn(readFileSync(path, 'utf8')).map(({ msg }) => msg);
}

test('SIGUSR2 moves the log on to a new file, and loses no line', NO_SIGNALS, async t => {
  const directory = mkdtempSync(join(tmpdir(), 'slipway-rotation-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, 'server.log');
  const logger = productionLogger({ destination: path });
  const log = recordedLog();
  const off = reopenOnSignal(() => logger.reopen(), log);
  t.after(off);
  for (let at = 0; at < 100; at++) logger.writeLine(`{"msg":"early ${at}"}\n`);
  renameSync(path, `${path}.1`);
  process.kill(process.pid, 'SIGUSR2');
  await eventually(() => log.entries.length === 1, 'the answer to the signal');
  assert.equal(log.entries[0]!.level, 'info');
  logger.info({}, 'late');
  await logger.close();
  assert.equal(messagesIn(`${path}.1`).length, 100);
  assert.deepEqual(messagesIn(path), ['late']);
});

test('a new file that can not be had is told, and the old one goes on', NO_SIGNALS, async t => {
  const directory = mkdtempSync(join(tmpdir(), 'slipway-rotation-'));
  const kept = `${directory}-kept`;
  t.after(() => rmSync(kept, { recursive: true, force: true }));
  const logger = productionLogger({ destination: join(directory, 'server.log') });
  const log = recordedLog();
  t.after(reopenOnSignal(() => logger.reopen(), log));
  renameSync(directory, kept);
  process.kill(process.pid, 'SIGUSR2');
  await eventually(() => log.entries.length === 1, 'the answer to the signal');
  assert.equal(log.entries[0]!.level, 'error');
  assert.equal(log.entries[0]!.fields.error.code, 'ENOENT');
  logger.info({}, 'still here');
  await logger.close();
  assert.deepEqual(messagesIn(join(kept, 'server.log')), ['still here']);
});
