/** Where two JSON values differ. */

export interface Place {
  /** From the root, by members: `/messages/0/result`. */
  readonly path: string;
  readonly sdk: unknown;
  readonly slipway: unknown;
}

function isBranch(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 300 ? `${text.slice(0, 300)}...` : text;
}

/** One line for a person. */
export function describe({ path, sdk, slipway }: Place): string {
  return `  ${path || 'all of it'}: SDK ${shown(sdk)}, Slipway ${shown(slipway)}`;
}

/** An empty list if the values are equal; the order of object members does not count. */
export function differences(sdk: unknown, slipway: unknown, path = ''): Place[] {
  if (Object.is(sdk, slipway)) return [];
  if (!isBranch(sdk) || !isBranch(slipway) || Array.isArray(sdk) !== Array.isArray(slipway)) {
    return [{ path, sdk, slipway }];
  }
  const keys = new Set([...Object.keys(sdk), ...Object.keys(slipway)]);
  return [...keys].flatMap(key => differences(sdk[key], slipway[key], `${path}/${key}`));
}

function covers(stated: string, path: string): boolean {
  return path === stated || path.startsWith(`${stated}/`);
}

/** What is wrong: differences in places that nobody stated, and stated places without a difference. */
export function unstated(found: readonly Place[], stated: readonly string[]): string[] {
  const surprises = found.filter(({ path }) => !stated.some(place => covers(place, path)));
  const equal = stated.filter(place => !found.some(({ path }) => covers(place, path)));
  return [...surprises.map(describe), ...equal.map(place => `  ${place}: stated as different, and equal`)];
}
