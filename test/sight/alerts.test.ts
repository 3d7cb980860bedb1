// The alert rules and the dashboard, against promtool and against what a server really measures.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { McpServer } from 'slipway';
import { WorkerMetrics } from '../../src/host/sight/metrics-aggregation.ts';
import { primaryMetrics } from '../../src/host/sight/primary-metrics.ts';
import { callTool } from '../support/mcp-post.ts';
import { serving } from '../support/serving.ts';
import { expressionsOfRules, selectorsOf } from './promql.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = join(root, 'observability');
const rulesFile = join(folder, 'prometheus-rules.yml');
const rules = readFileSync(rulesFile, 'utf8');
const ruleTests = readFileSync(join(folder, 'prometheus-rules.test.yml'), 'utf8');
const dashboard = JSON.parse(readFileSync(join(folder, 'grafana-dashboard.json'), 'utf8')) as {
  panels: { type: string; title: string; description?: string; targets?: { expr: string; legendFormat: string }[] }[];
  templating: { list: { name: string; definition?: string }[] };
};

const absent = spawnSync('promtool', ['--version']).status !== 0;
const needsPromtool = { skip: absent && 'promtool is not installed: apt-get install prometheus' };

function promtool(args: readonly string[], input?: string): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8', timeout: 30_000, input });
  return { status, output: `${stdout}${stderr}` };
}

/** What Prometheus gets to see of a server with state and workers that has had calls, errors and refusals. */
async function realScrape(t: TestContext): Promise<string> {
  const stateDir = await mkdtemp(join(tmpdir(), 'slipway-alerts-'));
  const server = new McpServer({ name: 'measured', version: '1.0.0' });
  server.registerTool('fine', {}, () => ({ content: [] }));
  server.registerTool('odd', {}, () => ({ content: [], isError: true }));
  const running = await serving(t, server, { stateDir, metrics: true });
  t.after(() => rm(stateDir, { recursive: true, force: true }));
  await callTool(running.url, 'fine');
  await callTool(running.url, 'odd');
  await callTool(running.url, 'invented');
  await fetch(running.url, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' });
  const primary = primaryMetrics();
  t.after(() => primary.stop());
  const scrape = async (): Promise<string> =>
    new WorkerMetrics().text(primary.json({ serving: 1, wanted: 1, crashes: 0 }), [await running.sight.metrics()]);
  let text = await scrape();
  for (let tries = 0; tries < 100 && !text.includes('nodejs_gc_duration_seconds_sum'); tries++) {
    void Array.from({ length: 200_000 }, (_, at) => ({ at }));
    await new Promise(resolve => setImmediate(resolve));
    text = await scrape();
  }
  return text;
}

/** The labels that each metric of a scrape has. */
function labelsByMetric(scrape: string): Map<string, Set<string>> {
  const metrics = new Map<string, Set<string>>();
  for (const line of scrape.split('\n')) {
    const [, metric, labels = ''] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? /.exec(line) ?? [];
    if (metric === undefined) continue;
    const known = metrics.get(metric) ?? new Set();
    for (const [, label] of labels.matchAll(/(\w+)="/g)) known.add(label!);
    metrics.set(metric, known);
  }
  return metrics;
}

/** What expressions look at that is not there. */
function missing(expressions: readonly string[], scrape: string): string[] {
  const known = labelsByMetric(scrape);
  // Prometheus itself makes these.
  known.set('up', new Set());
  for (const [, name] of rules.matchAll(/- record: (\S+)/g)) known.set(name!, new Set());
  return expressions.flatMap(expression =>
    selectorsOf(expression).flatMap(({ metric, labels }) => {
      const has = known.get(metric);
      if (has === undefined) return [metric];
      return labels
        .filter(label => !has.has(label) && !['job', 'instance'].includes(label))
        .map(label => `${metric}{${label}}`);
    }),
  );
}

const panelExpressions = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

describe('the alert rules', () => {
  test('are accepted by promtool', needsPromtool, () => {
    const { status, output } = promtool(['check', 'rules', rulesFile]);
    assert.equal(status, 0, output);
    assert.match(output, /SUCCESS: 1[5-9] rules found/);
  });

  test('fire when they should, and not before', needsPromtool, () => {
    const { status, output } = promtool(['test', 'rules', join(folder, 'prometheus-rules.test.yml')]);
    assert.equal(status, 0, output);
  });

  test('are each tested, explained, and look at what a server measures', async t => {
    const alerts = [...rules.matchAll(/- alert: (\w+)/g)].map(([, name]) => name!);
    assert.ok(alerts.length >= 14);
    const guide = readFileSync(join(root, 'docs/guides/watch.md'), 'utf8');
    for (const alert of alerts) {
      assert.match(ruleTests, new RegExp(`alertname: ${alert}\\n +exp_alerts:`), `${alert} never fires in a test`);
      assert.match(
        ruleTests,
        new RegExp(`alertname: ${alert}\\n(?! +exp_alerts)`),
        `${alert} is never quiet in a test`,
      );
      assert.ok(guide.includes(`\`${alert}\``), `${alert} is not in the guide`);
    }
    assert.equal(rules.match(/^ {10}summary: /gm)!.length, alerts.length);
    assert.equal(rules.match(/^ {10}description: /gm)!.length, alerts.length);
    assert.equal(rules.match(/^ {10}severity: (?:critical|warning)$/gm)!.length, alerts.length);
    const expressions = expressionsOfRules(rules);
    assert.equal(expressions.length, rules.match(/ expr: /g)!.length);
    assert.deepEqual(missing(expressions, await realScrape(t)), []);
  });
});

describe('the dashboard', () => {
  test('looks at what a server measures', async t => {
    assert.ok(panelExpressions.length > 30);
    assert.deepEqual(missing(panelExpressions, await realScrape(t)), []);
  });

  test('has expressions that Prometheus reads', needsPromtool, async t => {
    const directory = await mkdtemp(join(tmpdir(), 'slipway-dashboard-'));
    t.after(() => rm(directory, { recursive: true, force: true }));
    const filled = panelExpressions.map(expr => expr.replaceAll('$__rate_interval', '5m'));
    const records = filled.map((expr, at) => ({ record: `panel:${at}`, expr }));
    const file = join(directory, 'panels.yml');
    // JSON is YAML.
    await writeFile(file, JSON.stringify({ groups: [{ name: 'panels', rules: records }] }));
    const { status, output } = promtool(['check', 'rules', file]);
    assert.equal(status, 0, output);
    assert.match(output, new RegExp(`${records.length} rules found`));
  });

  test('says what each of its panels shows, once, and lets none overlap', () => {
    const panels = dashboard.panels.filter(({ type }) => type !== 'row') as unknown as {
      title: string;
      description: string;
      id: number;
      gridPos: { x: number; y: number; w: number; h: number };
      targets: { legendFormat: string }[];
    }[];
    for (const { title, description, targets } of panels) {
      assert.ok(title.length > 1 && description.endsWith('.'), title);
      if (targets.length > 1)
        assert.ok(
          targets.every(({ legendFormat }) => legendFormat !== ''),
          title,
        );
    }
    assert.equal(
      new Set(dashboard.panels.map(panel => (panel as unknown as { id: number }).id)).size,
      dashboard.panels.length,
    );
    const cells = new Set<string>();
    for (const { gridPos, title } of panels) {
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          assert.ok(x < 24 && !cells.has(`${x},${y}`), title);
          cells.add(`${x},${y}`);
        }
      }
    }
    const variables = new Set(dashboard.templating.list.map(({ name }) => name));
    const used = new Set(panelExpressions.flatMap(expr => [...expr.matchAll(/\$(\w+)/g)].map(([, name]) => name!)));
    used.delete('__rate_interval');
    for (const name of used) assert.ok(variables.has(name), name);
  });
});

describe('a scrape', () => {
  test('is accepted by promtool, and has help for every metric', needsPromtool, async t => {
    const { status, output } = promtool(['check', 'metrics'], await realScrape(t));
    assert.equal(status, 0, output);
    assert.equal(output, '');
  });

  test('has nothing that the reference does not explain, and the reference nothing that is not there', async t => {
    const scrape = await realScrape(t);
    const measured = new Set([...scrape.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name!));
    const page = readFileSync(join(root, 'docs/reference/metrics.md'), 'utf8');
    const explained = new Set([...page.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name!));
    assert.deepEqual([...measured].toSorted(), [...explained].toSorted());
  });

  test('would show what is missing', async t => {
    const scrape = await realScrape(t);
    const wrong = [
      'sum by (invented_label) (rate(invented_total{x="y{z}"}[5m])) / slipway_ready{invented="1"} > 2',
      'up{job="slipway"} and on (job) slipway_build_info{version="1"}',
    ];
    assert.deepEqual(missing(wrong, scrape), ['invented_total', 'slipway_ready{invented}']);
  });
});
