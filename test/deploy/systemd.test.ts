// systemd's own programs on the generated units. That notify and watchdog work is proved in test/lifecycle/notify.test.ts,
// socket activation in test/lifecycle/socket-activation.test.ts.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseUnit, secondsOf } from '../../src/deploy/systemd/unit.ts';
import { DEFAULTS } from '../../src/host/configuration/defaults.ts';
import { missing } from '../lifecycle/programs.ts';
import { guideFile } from './guide-files.ts';
import { exposureOf, unitsFor, verified } from './units.ts';

const VARIANTS = { 'a dynamic user': {}, 'a user of its own': { user: 'mcp' } } as const;

describe('systemd', { skip: missing('systemd-analyze') }, () => {
  for (const [what, given] of Object.entries(VARIANTS)) {
    test(`verifies the units without a word, with ${what}`, () => {
      assert.equal(verified(unitsFor(given)), '');
    });

    test(`rates the service 1.5 or better, with ${what}`, t => {
      const exposure = exposureOf('mcp-server.service', unitsFor(given)['mcp-server.service']!);
      t.diagnostic(`exposure ${exposure}`);
      assert.ok(exposure <= 1.5, `exposure ${exposure}`);
    });
  }

  test('control: a directive that there is not is told, and a bare unit is rated unsafe', () => {
    const units = unitsFor();
    const misspelt = { ...units, 'mcp-server.service': units['mcp-server.service']!.replace('KillMode=', 'KilMode=') };
    assert.match(verified(misspelt), /KilMode/);
    assert.ok(exposureOf('guide.service', guideFile('ini')) > 9);
  });
});

test('the times of the unit suit those of the server', () => {
  const unit = parseUnit(unitsFor()['mcp-server.service']!);
  const seconds = (key: string) => secondsOf(unit.value('Service', key)!)!;
  assert.ok(seconds('TimeoutStopSec') * 1000 >= DEFAULTS.lameDuckMs + DEFAULTS.drainGraceMs + 10_000);
  assert.ok(seconds('RestartSec') <= 5);
});
