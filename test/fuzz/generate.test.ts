import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FuzzInput, generate } from './generate.ts';

function bytes(input: FuzzInput): string {
  return Buffer.concat(input.packets).toString('latin1');
}

test('the same seed and number make the same input; others make another', () => {
  for (let number = 0; number < 200; number++) assert.deepEqual(generate(1, number, 80), generate(1, number, 80));
  const all = new Set(Array.from({ length: 200 }, (_, number) => bytes(generate(1, number, 80))));
  assert.ok(all.size > 190, String(all.size));
  assert.notDeepEqual(generate(1, 5, 80), generate(2, 5, 80));
});

test('inputs are of both eras, whole and broken, in one packet and in several', () => {
  const inputs = Array.from({ length: 2000 }, (_, number) => generate(3, number, 80));
  const share = (of: (input: FuzzInput) => boolean): number => inputs.filter(of).length / inputs.length;
  assert.ok(share(input => input.label.startsWith('modern')) > 0.5);
  assert.ok(share(input => input.label.startsWith('legacy')) > 0.2);
  assert.ok(share(input => !input.isFramed) > 0.03);
  assert.ok(share(input => input.isFramed) > 0.85);
  assert.ok(share(input => input.packets.length > 1) > 0.02);
  assert.ok(share(input => input.status?.includes(200) === true) > 0.08);
  assert.ok(new Set(inputs.map(input => input.label.split(': ')[1])).size > 50);
});
