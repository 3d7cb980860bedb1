/** Causes before consequences: what follows from another row is told under it. */
import { STAGES } from './catalogue/catalogue-entry.ts';
import type { Seen } from './finding.ts';

export interface Folded {
  readonly seen: Seen;
  readonly consequences: readonly Folded[];
}

function explainedBy({ entry, sightings }: Seen): ReadonlySet<number> {
  return new Set([...entry.explains, ...sightings.flatMap(({ explains = [] }) => explains)]);
}

/** As examined: an earlier stage is nearer to the cause. */
function inOrder(one: Seen, other: Seen): number {
  const stage = STAGES.indexOf(one.entry.stage) - STAGES.indexOf(other.entry.stage);
  return stage !== 0 ? stage : one.entry.row - other.entry.row;
}

/** @returns the root causes, each with what follows from it, directly or by what follows in turn */
export function fold(all: readonly Seen[]): readonly Folded[] {
  const ordered = [...all].sort(inOrder);
  const parent = new Map<Seen, Seen>();
  const isBelow = (seen: Seen, possible: Seen): boolean => {
    for (let above: Seen | undefined = seen; above !== undefined; above = parent.get(above)) {
      if (above === possible) return true;
    }
    return false;
  };
  const find = (seen: Seen, among: readonly Seen[]) => {
    const cause = among.find(
      other => other !== seen && explainedBy(other).has(seen.entry.row) && !isBelow(other, seen),
    );
    if (cause !== undefined) parent.set(seen, cause);
  };
  // Of two that explain each other, the earlier one is the cause.
  for (const [at, seen] of ordered.entries()) find(seen, ordered.slice(0, at));
  for (const seen of ordered) if (!parent.has(seen)) find(seen, ordered);
  const below = (above: Seen | undefined): readonly Folded[] =>
    ordered.filter(seen => parent.get(seen) === above).map(seen => ({ seen, consequences: below(seen) }));
  return below(undefined);
}
