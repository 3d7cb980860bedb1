/** `slipway doctor <url>` as a function. */

import type { Front } from '../fronts/front.ts';
import { entryOf, INVISIBLE_ROWS } from './catalogue/catalogue.ts';
import type { Client } from './client.ts';
import { examineStages, type Outcome, type Progress } from './engine.ts';
import { Examination, type ExaminationOptions } from './examination.ts';
import { type Finding, fails, findingOf, type Seen, type Setting } from './finding.ts';
import { type Folded, fold } from './folding.ts';
import { fronts } from './observations/fronts.ts';
import { chosenClients } from './profiles.ts';
import { redaction } from './redaction.ts';
import type { Report, Verdict } from './report.ts';
import type { StagePlan } from './stage-plan.ts';
import { STAGE_PLANS } from './stage-plans.ts';

export interface DoctorOptions extends ExaminationOptions {
  readonly progress?: Progress;
  /** Default: all that there are. */
  readonly plans?: readonly StagePlan[];
}

/** Shorter values of a query are words. */
const MIN_QUERY_SECRET = 12;

function merged({ sightings }: Outcome): readonly Seen[] {
  const byRow = Map.groupBy(sightings, ({ row }) => row);
  return [...byRow].map(([row, of]) => ({ entry: entryOf(row), sightings: of }));
}

function findings(folded: readonly Folded[], setting: Setting): readonly Finding[] {
  return folded.map(({ seen, consequences }) => findingOf(seen, findings(consequences, setting), setting));
}

/** Fronts are looked for where there is an answer at all. */
async function frontsSeen(examination: Examination, { stages }: Outcome): Promise<readonly Front[]> {
  const isAnswered = stages.some(({ stage, state }) => stage === 'mcp' && state === 'examined');
  return isAnswered ? fronts(examination) : [];
}

function weightOf(finding: Finding, chosen: readonly Client[]): number {
  if (fails(finding, chosen)) return 0;
  return { 'fails Claude': 1, 'fails others': 2, risk: 3, note: 4 }[finding.severity];
}

function verdictOf({ stages }: Outcome, roots: readonly Finding[], chosen: readonly Client[]): Verdict {
  if (roots.some(finding => fails(finding, chosen))) return 'failing';
  return stages.some(({ state }) => state === 'blocked') ? 'not-run' : 'healthy';
}

function shownUrl(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

/** What the user gave: credentials, and values of the query long enough for one. */
function secretsOf({ bearer = '', headers = [] }: DoctorOptions, { searchParams }: URL): readonly string[] {
  const query = [...searchParams.values()].filter(value => value.length >= MIN_QUERY_SECRET);
  return [bearer, ...headers.map(([, value]) => value), ...query];
}

/**
 * Examines an MCP server over the network. Never throws for what a server does.
 *
 * @throws TypeError for a URL that is none
 */
export async function examine(options: DoctorOptions): Promise<Report> {
  const begun = performance.now();
  const chosen = options.clients ?? chosenClients();
  const examination = new Examination(options);
  const outcome = await examineStages(options.plans ?? STAGE_PLANS, examination, options.progress);
  const known = await frontsSeen(examination, outcome);
  await examination.end();
  const redact = redaction(secretsOf(options, examination.entered));
  const roots = [...findings(fold(merged(outcome)), { redact, fronts: known })].sort(
    (one, other) => weightOf(one, chosen) - weightOf(other, chosen),
  );
  return {
    url: shownUrl(examination.entered),
    clients: chosen,
    verdict: verdictOf(outcome, roots, chosen),
    fronts: known.map(({ name }) => name),
    findings: roots,
    stages: outcome.stages.map(one => (one.why === undefined ? one : { ...one, why: redact(one.why) })),
    checked: outcome.checked,
    unchecked: outcome.unchecked.map(one => ({ ...one, why: redact(one.why) })),
    invisible: INVISIBLE_ROWS,
    durationMs: performance.now() - begun,
  };
}
