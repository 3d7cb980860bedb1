/** `slipway doctor <url>` as a function. */
import { entryOf, INVISIBLE_ROWS } from './catalogue/catalogue.ts';
import type { Client } from './client.ts';
import { examineStages, type Outcome, type Progress } from './engine.ts';
import { Examination, type ExaminationOptions } from './examination.ts';
import { type Finding, fails, findingOf, type Seen } from './finding.ts';
import { type Folded, fold } from './folding.ts';
import { chosenClients } from './profiles.ts';
import { type Redact, redaction } from './redaction.ts';
import type { Report, Verdict } from './report.ts';
import type { StagePlan } from './stage-plan.ts';
import { STAGE_PLANS } from './stage-plans.ts';

export interface DoctorOptions extends ExaminationOptions {
  readonly progress?: Progress;
  /** Default: all that there are. */
  readonly plans?: readonly StagePlan[];
}

function merged({ sightings }: Outcome): readonly Seen[] {
  const byRow = Map.groupBy(sightings, ({ row }) => row);
  return [...byRow].map(([row, of]) => ({ entry: entryOf(row), sightings: of }));
}

function findings(folded: readonly Folded[], redact: Redact): readonly Finding[] {
  return folded.map(({ seen, consequences }) => findingOf(seen, findings(consequences, redact), redact, undefined));
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
  const redact = redaction([options.bearer ?? '', ...(options.headers ?? []).map(([, value]) => value)]);
  const roots = [...findings(fold(merged(outcome)), redact)].sort(
    (one, other) => weightOf(one, chosen) - weightOf(other, chosen),
  );
  return {
    url: shownUrl(examination.url),
    clients: chosen,
    verdict: verdictOf(outcome, roots, chosen),
    fronts: [],
    findings: roots,
    stages: outcome.stages,
    checked: outcome.checked,
    unchecked: outcome.unchecked.map(one => ({ ...one, why: redact(one.why) })),
    invisible: INVISIBLE_ROWS,
    durationMs: performance.now() - begun,
  };
}
