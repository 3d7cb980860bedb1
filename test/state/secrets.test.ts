// Where the root secrets come from, and that several processes end with the same ones.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { resolveSecrets } from '../../src/host/secrets.ts';
import { openState } from '../../src/host/state.ts';
import { SlipwayError } from '../../src/protocol/coded-error.ts';
import { temporaryDirectory } from './fixtures/store.ts';

const A = 'a'.repeat(32);
const B = 'b'.repeat(43);
const posix = { skip: process.platform === 'win32' };

function refusal(run: () => unknown): SlipwayError {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof SlipwayError);
    return error;
  }
  assert.fail('it was accepted');
}

describe('secrets', () => {
  test('are none where nothing is configured', () => {
    assert.equal(resolveSecrets({ env: {} }), undefined);
  });

  test('come from the environment first, then from the file it names, then from the state directory', t => {
    const directory = temporaryDirectory(t);
    const file = join(directory, 'file');
    writeFileSync(file, `${B}\r\n\n  ${A}  \n`);
    const stateDir = join(directory, 'state');
    const both = { SLIPWAY_SECRETS: ` ${A},${B}\n`, SLIPWAY_SECRETS_FILE: file };
    assert.deepEqual(resolveSecrets({ env: both, stateDir }), { secrets: [A, B], source: 'SLIPWAY_SECRETS' });
    const named = resolveSecrets({ env: { SLIPWAY_SECRETS_FILE: file }, stateDir });
    assert.deepEqual(named, { secrets: [B, A], source: 'SLIPWAY_SECRETS_FILE' });
    assert.equal(existsSync(stateDir), false, 'nothing is made that is not needed');
    const made = resolveSecrets({ env: {}, stateDir });
    assert.equal(made?.source, join(stateDir, 'secrets'));
    assert.match(made?.secrets[0] ?? '', /^[\w-]{43}$/);
    assert.deepEqual(resolveSecrets({ env: {}, stateDir }), made, 'the same the next time');
  });

  test('that are no good are refused by the name of their source, and not shown', t => {
    const directory = temporaryDirectory(t);
    const file = join(directory, 'file');
    const short = 'too-short-for-a-secret';
    writeFileSync(file, `${A}\n${short}\n`);
    const stateDir = join(directory, 'state');
    mkdirSync(stateDir);
    writeFileSync(join(stateDir, 'secrets'), short, { mode: 0o600 });
    const cases: [NodeJS.ProcessEnv, string, RegExp][] = [
      [{ SLIPWAY_SECRETS: `${A},${short}` }, 'SLIPWAY_SECRETS', /secret 2 has 22 bytes/],
      [{ SLIPWAY_SECRETS: ' ' }, 'SLIPWAY_SECRETS', /it has no secret/],
      [{ SLIPWAY_SECRETS_FILE: file }, 'SLIPWAY_SECRETS_FILE', /secret 2 has 22 bytes/],
      [{ SLIPWAY_SECRETS_FILE: `${file}-missing` }, 'SLIPWAY_SECRETS_FILE', /it does not exist/],
      [{ SLIPWAY_SECRETS_FILE: directory }, 'SLIPWAY_SECRETS_FILE', /it is a directory/],
      [{}, join(stateDir, 'secrets'), /secret 1 has 22 bytes/],
    ];
    for (const [env, source, why] of cases) {
      const error = refusal(() => resolveSecrets({ env, stateDir }));
      assert.equal(error.code, 'SLIP_INVALID_OPTION');
      assert.equal(error.details['option'], source);
      assert.match(error.message, why);
      assert.doesNotMatch(error.message, /too-short|aaaa/);
    }
  });
});

describe('the key file', () => {
  test('is this user’s only, and leaves no draft behind', posix, t => {
    const umask = process.umask(0);
    t.after(() => process.umask(umask));
    const stateDir = join(temporaryDirectory(t), 'state');
    resolveSecrets({ env: {}, stateDir });
    assert.deepEqual(readdirSync(stateDir), ['secrets']);
    assert.equal(statSync(join(stateDir, 'secrets')).mode & 0o777, 0o600);
    assert.equal(statSync(stateDir).mode & 0o777, 0o700);
  });

  test('is rotated by a line in front', t => {
    const stateDir = temporaryDirectory(t);
    const before = resolveSecrets({ env: {}, stateDir })!.secrets;
    const path = join(stateDir, 'secrets');
    writeFileSync(path, `${B}\n${readFileSync(path, 'utf8')}`);
    assert.deepEqual(resolveSecrets({ env: {}, stateDir })?.secrets, [B, ...before]);
  });

  test('that everybody may read is refused; what a group got is taken back', posix, t => {
    const stateDir = temporaryDirectory(t);
    const path = join(stateDir, 'secrets');
    const { secrets } = resolveSecrets({ env: {}, stateDir })!;
    chmodSync(path, 0o604);
    const error = refusal(() => resolveSecrets({ env: {}, stateDir }));
    assert.equal(error.code, 'SLIP_INVALID_OPTION');
    assert.match(error.message, /every user of this machine may read it; run chmod 600/);
    assert.ok(!error.message.includes(secrets[0]!));
    chmodSync(path, 0o660);
    assert.deepEqual(resolveSecrets({ env: {}, stateDir })?.secrets, secrets);
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  test('is one for all processes that start together', async t => {
    const module = JSON.stringify(new URL('../../src/host/secrets.ts', import.meta.url).href);
    const program = `
      import { resolveSecrets } from ${module};
      while (Date.now() < Number(process.argv[2])) {}
      console.log(resolveSecrets({ env: {}, stateDir: process.argv[1] }).secrets.join());`;
    const flags = ['--conditions=@slipway/source', '--input-type=module', '--eval', program, '--'];
    const stateDir = join(temporaryDirectory(t), 'state');
    const at = String(Date.now() + 700);
    const started = Array.from({ length: 6 }, () =>
      promisify(execFile)(process.execPath, [...flags, stateDir, at], { timeout: 20_000 }),
    );
    const found = (await Promise.all(started)).map(({ stdout }) => stdout.trim());
    assert.match(found[0]!, /^[\w-]{43}$/);
    assert.equal(new Set(found).size, 1);
    assert.deepEqual(readdirSync(stateDir), ['secrets']);
  });

  test('needs a directory that can be one', t => {
    const directory = temporaryDirectory(t);
    writeFileSync(join(directory, 'file'), '');
    const error = refusal(() => resolveSecrets({ env: {}, stateDir: join(directory, 'file') }));
    assert.equal(error.code, 'SLIP_STATE_DIRECTORY');
    mkdirSync(join(directory, 'state', 'secrets'), { recursive: true, mode: 0o700 });
    const other = refusal(() => resolveSecrets({ env: {}, stateDir: join(directory, 'state') }));
    assert.equal(other.code, 'SLIP_STATE_DIRECTORY');
    assert.match(other.message, /secrets/);
  });
});

test('a state is durable exactly when it has a directory', async t => {
  const memory = openState({});
  const lasting = openState({ stateDir: temporaryDirectory(t), eventTtlMs: 1_000 });
  t.after(() => lasting.close());
  assert.deepEqual([memory.durable, lasting.durable], [false, true]);
  assert.throws(() => openState({ maxBusEntries: 0 }), { code: 'SLIP_INVALID_OPTION' });
});
