/** The middle value; the mean of the two middle ones when their number is even. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('the median of nothing');
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * The order statistics between which the true median lies with at least 95 % confidence, whatever the distribution
 * (sign test). Fewer than six values cannot promise that much: then the lowest and the highest.
 */
export function medianInterval(values: readonly number[]): [low: number, high: number] {
  const sorted = values.toSorted((a, b) => a - b);
  const count = sorted.length;
  let outside = 0;
  let probability = 0.5 ** count;
  let tail = probability;
  while (outside + 1 < count / 2) {
    probability *= (count - outside) / (outside + 1);
    if (2 * (tail + probability) > 0.05) break;
    tail += probability;
    outside += 1;
  }
  // `tail` is the chance that at most `outside` values fall on one side, so that many more than it may be cut off.
  const cut = 2 * tail > 0.05 ? 0 : outside;
  return [sorted[cut]!, sorted[count - 1 - cut]!];
}
