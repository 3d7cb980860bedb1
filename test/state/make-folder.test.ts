import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { makeFolder } from '../../src/state/make-folder.ts';

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-folder-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe('a folder that is made', () => {
  test('with those above it, for the user only; one that is there stays as it is', t => {
    const folder = folderOf(t);
    const inner = join(folder, 'a/b/c');
    for (let times = 0; times < 2; times++) makeFolder(inner, 0o700);
    for (const path of [inner, join(folder, 'a')]) assert.equal(statSync(path).mode & 0o777, 0o700);
    symlinkSync(join(folder, 'a'), join(folder, 'link'));
    makeFolder(join(folder, 'link'));
    makeFolder(join(folder, 'link/d'));
    assert.ok(existsSync(join(folder, 'a/d')));
  });

  test('not where a file is in the way', t => {
    const folder = folderOf(t);
    writeFileSync(join(folder, 'file'), '');
    assert.throws(() => makeFolder(join(folder, 'file')), { code: 'EEXIST' });
    assert.throws(() => makeFolder(join(folder, 'file/a/b')), { code: 'ENOTDIR' });
  });

  test('not where a folder takes none', { skip: existsSync('/proc/self') ? false : 'this system has no /proc' }, () => {
    assert.throws(() => makeFolder('/proc/slipway/a/b'), { code: 'ENOENT' });
  });
});
