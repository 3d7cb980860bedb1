import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { faultsOf } from '../scripts/floors.ts';

const file = (...parts: string[]) => join(...parts);

describe('scripts/floors.ts finds', () => {
  const planted: [what: string, file: string, source: string, fault: RegExp][] = [
    [
      'an import that climbs',
      file('server', 'a.ts'),
      "import { x } from '../host/serve.ts';",
      /server\/ must not import host\//,
    ],
    [
      'a climbing type import',
      file('schema', 'a.ts'),
      "import type { X } from '../server/b.ts';",
      /schema\/ must not import server\//,
    ],
    [
      'a climbing re-export',
      file('state', 'a.ts'),
      "export { x } from '../server/b.ts';",
      /state\/ must not import server\//,
    ],
    [
      'a climbing import()',
      file('auth', 'a.ts'),
      "const x = await import('../host/b.ts');",
      /auth\/ must not import host\//,
    ],
    [
      'a climbing import for its effect',
      file('session', 'a.ts'),
      "import '../cli/main.ts';",
      /session\/ must not import cli\//,
    ],
    [
      'an import over several lines',
      file('server', 'a.ts'),
      "import {\n  x,\n  y,\n} from '../transport/http/b.ts';",
      /server\/ must not import transport\/http\//,
    ],
    [
      'a room on the same floor',
      file('transport', 'http', 'a.ts'),
      "import { x } from '../stdio/b.ts';",
      /transport\/http\/ must not import transport\/stdio\//,
    ],
    [
      'Node in a pure room',
      file('protocol', 'a.ts'),
      "import { x } from 'node:fs';",
      /protocol\/ is pure and imports node:fs/,
    ],
    [
      'a package in a pure room',
      file('protocol', 'a.ts'),
      "import z from 'zod';",
      /protocol\/ is pure and imports zod/,
    ],
    [
      'a driver outside of host',
      file('server', 'a.ts'),
      "import { x } from '../state/memory/event-bus.ts';",
      /only host\/ may import a driver/,
    ],
    [
      'the public face from below',
      file('server', 'a.ts'),
      "import { x } from '../index.ts';",
      /imports the public face/,
    ],
    ['a room without a floor', file('attic', 'a.ts'), '', /attic\/ stands on no floor/],
  ];
  for (const [what, path, source, fault] of planted) {
    test(what, () => {
      const faults = faultsOf(path, source);
      assert.equal(faults.length, 1, faults.join('\n'));
      assert.match(faults[0]!, fault);
      assert.ok(faults[0]!.startsWith(path));
    });
  }
});

describe('scripts/floors.ts allows', () => {
  const lawful: [what: string, file: string, source: string][] = [
    ['an import downwards', file('host', 'a.ts'), "import { x } from '../transport/http/b.ts';"],
    ['an import in the same room', file('server', 'a.ts'), "import { x } from './b.ts';"],
    [
      'Node and packages in other rooms',
      file('schema', 'a.ts'),
      "import Ajv from 'ajv';\nimport { x } from 'node:fs';",
    ],
    ['a driver in host', file('host', 'a.ts'), "import { x } from '../state/memory/event-bus.ts';"],
    ['everything in the public face', 'index.ts', "export { x } from './host/serve.ts';"],
  ];
  for (const [what, path, source] of lawful) test(what, () => assert.deepEqual(faultsOf(path, source), []));
});
