/** What a server file says by itself, for people and for programs. */

import { clientList, fails } from '../finding.ts';
import type { LintReport } from '../lints/lint.ts';
import { findingText } from './finding-text.ts';
import { jsonReport } from './json-report.ts';
import type { Style } from './style.ts';
import { wrapped } from './wrap.ts';

const MAX_NAMED = 8;

function names(tools: readonly string[]): string {
  const rest = tools.length - MAX_NAMED;
  return [...tools.slice(0, MAX_NAMED), ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}

export function lintText({ report, tools, advice }: LintReport, style: Style, width = 100): string {
  const columns = Math.max(60, Math.min(width, 120));
  const { findings, clients, url } = report;
  const count = tools.length === 1 ? '1 tool' : `${tools.length} tools`;
  const adviceLines = advice.map(({ title, tools: broken, fix, source }) =>
    wrapped(`${style.fair(title)}: ${names(broken)}. ${fix} (${source})`, columns, '  '),
  );
  const failing = findings.filter(finding => fails(finding, clients)).length;
  const conclusion =
    failing === 0
      ? style.good(`Nothing in the tools keeps ${clientList(clients)} out.`)
      : style.bad(
          `${failing === 1 ? 'One thing' : `${failing} things`} in the tools will fail ${clientList(clients)}.`,
        );
  const parts = [
    `${style.strong(url)}: ${count} read, without serving them`,
    ...findings.map(finding => findingText(finding, clients, columns, style)),
    ...(adviceLines.length === 0
      ? []
      : [`${style.strong('Advice')}\n${adviceLines.map(line => `  ${line}`).join('\n')}`]),
    `${conclusion}\n${wrapped('How it is reached is for slipway doctor <url>, once it is served.', columns)}`,
  ];
  return `\n${parts.join('\n\n')}\n`;
}

/** As the report of an examination, with `tools` and `advice`. */
export function lintJson({ report, tools, advice }: LintReport): string {
  return `${JSON.stringify({ ...JSON.parse(jsonReport(report)), tools, advice }, undefined, 2)}\n`;
}
