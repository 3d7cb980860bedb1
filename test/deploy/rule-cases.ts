/** For each rule, a change to a generated file that breaks it. */
import { deploymentOf } from '../../src/deploy/deployment.ts';
import type { Finding } from '../../src/deploy/finding.ts';
import { TARGETS } from '../../src/deploy/targets.ts';
import { DOMAIN } from './nginx-site.ts';

/** Words of the file, and what stands there instead. */
export type Change = readonly [found: string | RegExp, replacement: string];

export interface RuleCase {
  readonly id: string;
  readonly changes: readonly Change[];
  /** The rules that the same change breaks besides. */
  readonly also?: readonly string[];
}

/** The text of a generated file. */
export function generated(target: string, name: string): string {
  const files = TARGETS.find(one => one.name === target)!.files(deploymentOf({ domain: DOMAIN }));
  return files.find(file => file.name === name)!.text;
}

/** @throws when the file does not have the words, since the case would prove nothing */
export function changed(text: string, changes: readonly Change[]): string {
  return changes.reduce((before, [found, replacement]) => {
    const after =
      typeof found === 'string' ? before.replace(found, () => replacement) : before.replace(found, replacement);
    if (after === before) throw new Error(`the file has no ${found}`);
    return after;
  }, text);
}

export function idsOf(findings: readonly Finding[]): string[] {
  return [...new Set(findings.map(({ id }) => id))].sort();
}
