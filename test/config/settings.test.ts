// The table of settings agrees with itself, with what it repeats from elsewhere, and with its page.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { DEFAULT_HOST, DEFAULT_LIMITS, DEFAULT_PORT } from 'slipway';
import { CONFIGURATION_REFERENCE, withTable } from '../../scripts/configuration-reference.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import { DEFAULTS } from '../../src/host/configuration/defaults.ts';
import { Refused } from '../../src/host/configuration/kind.ts';
import { MIN_SECRET_BYTES } from '../../src/host/configuration/secret-kind.ts';
import { flagOf, KEYS, SETTINGS, variableOf } from '../../src/host/configuration/settings.ts';
import { GRACE_MS } from '../../src/host/serve.ts';
import { Keyring } from '../../src/sealing/keyring.ts';
import { DEFAULT_SESSION_TTL_MS } from '../../src/session/sessions.ts';

describe('the settings', () => {
  test('have the defaults that are decided elsewhere', () => {
    const { port, host, sessionTtlMs, drainGraceMs } = DEFAULTS;
    assert.deepEqual(
      { port, host, sessionTtlMs, drainGraceMs },
      {
        port: DEFAULT_PORT,
        host: DEFAULT_HOST,
        sessionTtlMs: DEFAULT_SESSION_TTL_MS,
        drainGraceMs: GRACE_MS,
      },
    );
    for (const [limit, value] of Object.entries(DEFAULT_LIMITS)) assert.equal(DEFAULTS[limit as never], value, limit);
  });

  test('allow their own defaults', () => {
    for (const [key, value] of Object.entries(DEFAULTS)) {
      const read = SETTINGS[key as keyof typeof DEFAULTS].kind.read(value, { from: 'file', folder: '/' });
      // A path would become absolute.
      assert.ok(!(read instanceof Refused), key);
      assert.equal(read, value, key);
    }
  });

  test('have a default or say what holds without one', () => {
    for (const key of KEYS) assert.ok(key in DEFAULTS !== (SETTINGS[key].absent !== undefined), key);
  });

  test('ask as much of a secret as sealing does', () => {
    assert.ok(Keyring.from(['s'.repeat(MIN_SECRET_BYTES)]));
    assert.throws(() => Keyring.from(['s'.repeat(MIN_SECRET_BYTES - 1)]), { code: 'SLIP_INVALID_OPTION' });
  });

  test('have names that follow from the key', () => {
    assert.equal(flagOf('drainGraceMs'), 'drain-grace-ms');
    assert.equal(variableOf('drainGraceMs'), 'SLIPWAY_DRAIN_GRACE_MS');
    assert.equal(flagOf('httpSse'), 'http-sse');
    assert.equal(new Set(KEYS.map(variableOf)).size, KEYS.length);
  });

  test('are flags of start and config alike, each once; secrets, functions and the server file are none', () => {
    const flagsOf = (command: string) => {
      const { flags, moreFlags = [] } = COMMANDS.find(({ name }) => name === command)!;
      return [...flags, ...moreFlags].map(({ name }) => name).sort();
    };
    const start = flagsOf('start');
    assert.deepEqual(flagsOf('config'), [...start, 'json'].sort());
    const noFlags = ['server', 'secrets', 'onStart', 'onStop', 'ready', 'onAudit'];
    const expected = KEYS.filter(key => !noFlags.includes(key)).map(flagOf);
    assert.deepEqual(start, [...expected, 'config', 'stdio'].sort());
  });

  test('are on their page as they are (node scripts/configuration-reference.ts)', () => {
    const page = readFileSync(CONFIGURATION_REFERENCE, 'utf8');
    assert.equal(page, withTable(page));
    assert.ok(page.includes('| `drainGraceMs` |'));
  });
});
