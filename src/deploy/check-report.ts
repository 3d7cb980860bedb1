/** What `slipway deploy --check` prints. */
import { type Checked, KIND_NAMES } from './check.ts';
import type { Finding } from './finding.ts';

export function faultCount({ findings }: Checked): number {
  return findings.filter(({ severity }) => severity === 'fault').length;
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

function summary(checked: Checked): string {
  const faults = faultCount(checked);
  const advice = checked.findings.length - faults;
  if (checked.findings.length === 0) return 'nothing to object to';
  return `${counted(faults, 'fault', 'faults')}, ${counted(advice, 'piece of advice', 'pieces of advice')}`;
}

function indented(text: string, by: string): string {
  return text
    .split('\n')
    .map(line => `${by}${line}`)
    .join('\n');
}

function paragraph(shown: string, { id, severity, line, file, what, why, fix }: Finding): string {
  const place = line === undefined ? (file ?? shown) : `${file ?? shown}:${line}`;
  return `${place}  ${severity}  ${id}
  ${what}.
  ${why}
  Fix:
${indented(fix, '    ')}
`;
}

/** For people. */
export function checkReport(checked: Checked): string {
  const { file, kind, findings } = checked;
  const target = kind === 'nginx' ? 'nginx' : 'systemd';
  const head = `${file}: ${KIND_NAMES[kind]}, ${summary(checked)}`;
  if (findings.length === 0) return `${head}\n`;
  const next = `A file without any of this: slipway deploy ${target} --domain mcp.example.com`;
  return [`${head}\n`, ...findings.map(finding => paragraph(file, finding)), `${next}\n`].join('\n');
}

/** For programs: `{ file, kind, faults, findings: [{ id, severity, line?, file?, what, why, fix }] }`. */
export function checkJson(checked: Checked): string {
  const { file, kind, findings } = checked;
  return `${JSON.stringify({ file, kind, faults: faultCount(checked), findings }, undefined, 2)}\n`;
}
