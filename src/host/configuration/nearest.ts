/** The number of letters that one word has more, less, other or swapped with its neighbour than another. */
function distance(one: string, other: string): number {
  const rows = [Array.from({ length: other.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1];
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      const around = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + (same ? 0 : 1));
      row.push(swapped ? Math.min(around, rows[i - 2]![j - 2]! + 1) : around);
    }
    rows.push(row);
  }
  return rows.at(-1)!.at(-1)!;
}

/** Longer names are no misspelling of ours, and would take long to compare. */
const MAX_LENGTH = 80;

/** The known name that a misspelt one most likely means; undefined when none is near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (name.length > MAX_LENGTH) return undefined;
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const wanted = plain(name);
  let best: string | undefined;
  let least = Math.max(1, Math.min(3, Math.floor(wanted.length / 3))) + 1;
  for (const candidate of known) {
    const difference = distance(wanted, plain(candidate));
    if (difference < least) {
      least = difference;
      best = candidate;
    }
  }
  return best;
}
