// The catalogue, the probes and the fixtures speak of the same rows.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CATALOGUE, entryOf } from '../../src/doctor/catalogue/catalogue.ts';
import { STAGE_PLANS } from '../../src/doctor/stage-plans.ts';
import { coverageTable, FAULTS, FOUND } from './coverage.ts';

const probes = STAGE_PLANS.flatMap(plan => plan.probes);

describe('coverage of the catalogue', () => {
  test('the catalogue has the rows 1 to 100, once each', () => {
    assert.deepEqual(
      CATALOGUE.map(({ row }) => row),
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
  });

  test('rows explain rows that there are, and never each other', () => {
    for (const { row, explains } of CATALOGUE) {
      for (const other of explains) assert.ok(!entryOf(other).explains.includes(row), `${row} and ${other}`);
    }
  });

  test('each probe is in the list of its stage, under a name of its own', () => {
    for (const { stage, probes: listed } of STAGE_PLANS)
      for (const probe of listed) assert.equal(probe.stage, stage, probe.name);
    assert.equal(new Set(probes.map(({ name }) => name)).size, probes.length);
  });

  test('each row that a probe claims has a fixture that proves it', () => {
    const looking = probes.filter(({ needs = [] }) => !needs.includes('user'));
    const claimed = new Set(looking.flatMap(({ rows }) => rows));
    assert.deepEqual(
      [...claimed].filter(row => !FOUND.has(row)),
      [],
    );
  });

  test('each row that can be seen from outside has a fixture, and so has each that needs a token', () => {
    const seen = CATALOGUE.filter(({ kind }) => kind !== 'invisible' && kind !== 'lint');
    assert.equal(seen.length, 94);
    assert.deepEqual(
      seen.map(({ row }) => row).filter(row => !FOUND.has(row)),
      [],
    );
  });

  test('no probe claims what can not be seen', () => {
    const kinds = probes.flatMap(({ rows }) => rows.map(row => entryOf(row).kind));
    assert.ok(!kinds.includes('invisible'));
  });

  test('rows that leave state, and those that need a token, are looked for only where that was allowed', () => {
    for (const { name, rows, needs = [] } of probes) {
      for (const row of rows) {
        const { kind } = entryOf(row);
        if (kind === 'write' || kind === 'token') assert.ok(needs.includes(kind), `${name} claims row ${row}`);
      }
    }
  });

  test('fixtures have names of their own', () => {
    assert.equal(new Set(FAULTS.map(({ row, name }) => `${row} ${name}`)).size, FAULTS.length);
  });

  test('the table counts', t => {
    const table = coverageTable();
    assert.match(table, /^together +\d+ +90 100/m);
    t.diagnostic(table);
  });
});
