/** The inventory is complete and true: together the servers of this folder use the SDK's documented server side. */

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import * as node from '@modelcontextprotocol/node';
import * as server from '@modelcontextprotocol/server';
import * as stdio from '@modelcontextprotocol/server/stdio';
import { EXPORTS, MEMBERS, OUT_OF_SCOPE } from './inventory.ts';
import { SERVERS } from './server-list.ts';

const require = createRequire(import.meta.url);

/** The names that a package's type declarations export, values and types alike. */
async function declared(packageName: string, entry = 'index'): Promise<string[]> {
  const file = join(dirname(require.resolve(packageName)), `${entry}.d.mts`);
  const list = /^export \{([^}]*)\}/m.exec(await readFile(file, 'utf8'))?.[1] ?? '';
  return list.split(',').map(entry =>
    entry
      .trim()
      .replace(/^type /, '')
      .replace(/^.* as /, ''),
  );
}

async function source(name: string): Promise<string> {
  return readFile(new URL(`./servers/${name}.ts`, import.meta.url), 'utf8');
}

test('there are at least eight servers, each with a script, and every file is on the list', async () => {
  assert.ok(SERVERS.length >= 8, `${SERVERS.length} servers`);
  for (const folder of ['servers', 'scripts']) {
    const files = await readdir(new URL(`./${folder}/`, import.meta.url));
    assert.deepEqual(files.map(file => file.replace(/\.ts$/, '')).sort(), [...SERVERS].sort(), folder);
  }
});

test('every export of both packages is used by a server or out of scope with a reason', async () => {
  const names = new Set([
    ...Object.keys(server),
    ...Object.keys(stdio),
    ...Object.keys(node),
    ...(await declared('@modelcontextprotocol/server')),
    ...(await declared('@modelcontextprotocol/server', 'stdio')),
    ...(await declared('@modelcontextprotocol/node')),
  ]);
  assert.ok(names.size > 350, `${names.size} exports found`);
  const known = new Set([...Object.keys(EXPORTS), ...OUT_OF_SCOPE.flatMap(group => group.items)]);
  assert.deepEqual(
    [...names].filter(name => !known.has(name)),
    [],
    'exports that the inventory does not know',
  );
  assert.deepEqual(
    Object.keys(EXPORTS).filter(name => !names.has(name)),
    [],
    'items that the SDK does not export',
  );
});

test('each server names what the inventory says it uses', async () => {
  const texts = new Map<string, string>();
  for (const name of SERVERS) texts.set(name, await source(name));
  for (const [item, name] of [...Object.entries(EXPORTS), ...Object.entries(MEMBERS)]) {
    const word = item.slice(item.lastIndexOf('.') + 1);
    assert.match(texts.get(name) ?? '', new RegExp(`\\b${word}\\b`), `${name}.ts does not name ${item}`);
  }
});

test('nothing is both used and out of scope, and every reason is given', () => {
  for (const { why, items } of OUT_OF_SCOPE) {
    assert.ok(why.length > 20, why);
    assert.deepEqual(
      items.filter(item => item in EXPORTS || item in MEMBERS),
      [],
      why,
    );
  }
});

test('a server imports the SDK by its three names only, so that the swap reaches everything', async () => {
  for (const name of SERVERS) {
    const specifiers = [...(await source(name)).matchAll(/from '(@modelcontextprotocol\/[^']*|slipway[^']*)'/g)];
    assert.ok(specifiers.length > 0, name);
    for (const [, specifier] of specifiers) {
      assert.ok(
        ['@modelcontextprotocol/server', '@modelcontextprotocol/server/stdio', '@modelcontextprotocol/node'].includes(
          specifier ?? '',
        ),
        `${name}: ${specifier}`,
      );
    }
  }
});
