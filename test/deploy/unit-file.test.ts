// Unit files are read as systemd reads them (systemd.syntax(7), systemd.time(7)).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseUnit, secondsOf, UnitSyntaxError, wordsOf } from '../../src/deploy/systemd/unit.ts';

describe('a unit file', () => {
  test('comments, continued lines, lists that are taken back', () => {
    const unit = parseUnit(`# comment
; another
[Service]
ExecStart=/usr/bin/node \\
  # in between
  server.js \\
  --port 1
Environment=A=1
Environment=
Environment="B=two words" C='3' D=4=5
`);
    assert.equal(unit.value('Service', 'ExecStart'), '/usr/bin/node server.js --port 1');
    assert.equal(unit.last('Service', 'ExecStart')!.line, 4);
    const variables = [...unit.environment()].map(([name, { text }]) => [name, text]);
    assert.deepEqual(Object.fromEntries(variables), { B: 'two words', C: '3', D: '4=5' });
  });

  test('what is neither a section nor a setting is refused, with its line', () => {
    assert.throws(
      () => parseUnit('[Service]\n\nRestart always\n'),
      new UnitSyntaxError('it is neither [Section] nor Key=value', 3),
    );
    assert.throws(() => parseUnit('Restart=always\n'), UnitSyntaxError);
  });

  test('times and words', () => {
    const times = { '90': 90, '1min 30s': 90, '500ms': 0.5, '2h': 7200, infinity: Number.POSITIVE_INFINITY };
    for (const [text, seconds] of Object.entries(times)) assert.equal(secondsOf(text), seconds, text);
    assert.equal(secondsOf('soon'), undefined);
    assert.equal(secondsOf('5 parsecs'), undefined);
    assert.equal(secondsOf(`${'1'.repeat(5_000)}!`), undefined);
    assert.deepEqual(wordsOf(`a "b c" d'e f'g`), ['a', 'b c', 'de fg']);
  });
});
