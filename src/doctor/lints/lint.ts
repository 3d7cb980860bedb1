/** `slipway doctor server.ts` as a function: what a server file says by itself, without a network. */

import { entryOf } from '../catalogue/catalogue.ts';
import type { Client } from '../client.ts';
import { fails, findingOf } from '../finding.ts';
import type { Sighting } from '../probe.ts';
import { chosenClients } from '../profiles.ts';
import { redaction } from '../redaction.ts';
import type { Report } from '../report.ts';
import { type Advice, adviceFor } from './advice.ts';
import type { OfferedTools } from './offered-tools.ts';
import { SERVER_LINTS } from './server-lints.ts';
import { TOOL_LINTS } from './tool-lints.ts';

export interface LintReport {
  /** As of an examination of which only the tools were looked at. */
  readonly report: Report;
  /** Names of the tools that were read. */
  readonly tools: readonly string[];
  readonly advice: readonly Advice[];
}

const CHECKED: readonly number[] = [...TOOL_LINTS, SERVER_LINTS].flatMap(({ rows }) => rows);

/**
 * @param file shown where the report of an examination has the URL
 * @param clients default: Claude
 */
export function lint(
  { serverName, tools }: OfferedTools,
  file: string,
  clients: readonly Client[] = chosenClients(),
): LintReport {
  const begun = performance.now();
  const definitions = tools.map(({ definition }) => definition);
  const sightings: readonly Sighting[] = [
    ...TOOL_LINTS.flatMap(rule => rule.look({ tools: definitions, serverName })),
    ...SERVER_LINTS.look(tools),
  ];
  const setting = { redact: redaction([]), fronts: [] };
  const findings = [...Map.groupBy(sightings, ({ row }) => row)].map(([row, of]) =>
    findingOf({ entry: entryOf(row), sightings: of }, [], setting),
  );
  return {
    report: {
      url: file,
      clients,
      verdict: findings.some(finding => fails(finding, clients)) ? 'failing' : 'healthy',
      fronts: [],
      findings,
      stages: [{ stage: 'tools', state: 'examined' }],
      checked: CHECKED,
      unchecked: [],
      invisible: [],
      durationMs: performance.now() - begun,
    },
    tools: definitions.map(({ name }) => String(name)),
    advice: adviceFor(tools),
  };
}
