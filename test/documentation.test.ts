// What the documentation says is compared with what it speaks of.
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { ERROR_REFERENCE, errorReference } from '../scripts/error-reference.ts';

const root = resolve(import.meta.dirname, '..');
const pages = globSync(['*.md', 'docs/**/*.md'], { cwd: root });

/** Relative links of a page that lead nowhere. */
function brokenLinks(page: string, text: string): string[] {
  const links = text.matchAll(/\]\((?![a-z]+:|#)([^)#\s]+)(?:#[^)]*)?\)/g);
  return [...links].map(([, link]) => link!).filter(link => !existsSync(resolve(root, dirname(page), link)));
}

describe('the documentation', () => {
  test('lists every coded error as the source has it (node scripts/error-reference.ts)', () => {
    assert.equal(readFileSync(ERROR_REFERENCE, 'utf8'), errorReference());
  });

  for (const page of pages) {
    test(`${page} links to what exists`, () => {
      assert.deepEqual(brokenLinks(page, readFileSync(resolve(root, page), 'utf8')), []);
    });
  }

  test('a link to nowhere would be found', () => {
    assert.deepEqual(brokenLinks('docs/README.md', '[a](nowhere.md) [b](#here) [c](https://example.com/x)'), [
      'nowhere.md',
    ]);
  });

  test('names every npm script that it tells people to run', () => {
    const { scripts } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as { scripts: object };
    const named = pages.flatMap(page =>
      [...readFileSync(resolve(root, page), 'utf8').matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name]) => name!),
    );
    assert.ok(named.length > 0);
    assert.deepEqual(
      named.filter(name => !(name in scripts)),
      [],
    );
  });

  test('the index of docs/ lists every page', () => {
    const index = readFileSync(resolve(root, 'docs/README.md'), 'utf8');
    const missing = pages.filter(page => page.startsWith('docs/') && page !== 'docs/README.md');
    assert.deepEqual(
      missing.filter(page => !index.includes(`(${page.slice('docs/'.length)})`)),
      [],
    );
  });
});
