/** What is wrong with a file, and the rules that find it. */
import { visibleText } from './visible-text.ts';

/** `fault`: clients fail, or will. `advice`: it works, and less well than it could. */
export type Severity = 'fault' | 'advice';

/** Where a rule is broken. */
export interface Place {
  /** From 1; undefined where something is missing altogether. */
  readonly line?: number | undefined;
  /** An included file; undefined for the one that was asked about. */
  readonly file?: string | undefined;
  /** In place of `{detail}` in the rule's `what`. */
  readonly detail?: string;
}

export interface Rule<Subject> {
  /** Stable: `nginx-buffering`. */
  readonly id: string;
  readonly severity: Severity;
  /** One sentence, without a full stop; `{detail}` is replaced. */
  readonly what: string;
  readonly why: string;
  /** What to write, or to do. */
  readonly fix: string;
  find(subject: Subject): Iterable<Place>;
}

export interface Finding {
  readonly id: string;
  readonly severity: Severity;
  readonly line?: number;
  readonly file?: string;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}

function findingOf({ id, severity, what, why, fix }: Rule<never>, { line, file, detail }: Place): Finding {
  return {
    id,
    severity,
    ...(line !== undefined && { line }),
    ...(file !== undefined && { file }),
    what: what.replace('{detail}', () => visibleText(detail ?? '')),
    why,
    fix,
  };
}

/** All that the rules find, from the first line to the last; what is missing comes after that. */
export function findingsOf<Subject>(rules: readonly Rule<Subject>[], subject: Subject): Finding[] {
  const findings = rules.flatMap(rule => [...rule.find(subject)].map(place => findingOf(rule, place)));
  const lineOf = ({ line }: Finding) => line ?? Number.MAX_SAFE_INTEGER;
  const isIncluded = ({ file }: Finding) => Number(file !== undefined);
  return findings.sort((one, other) => isIncluded(one) - isIncluded(other) || lineOf(one) - lineOf(other));
}
