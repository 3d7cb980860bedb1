/** Where two JSON values differ, one line per place. */

function isBranch(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 300 ? `${text.slice(0, 300)}...` : text;
}

/** An empty list if the values are equal; the order of object members does not count. */
export function differences(sdk: unknown, slipway: unknown, path = ''): string[] {
  if (Object.is(sdk, slipway)) return [];
  if (!isBranch(sdk) || !isBranch(slipway) || Array.isArray(sdk) !== Array.isArray(slipway)) {
    return [`  ${path || 'all of it'}: SDK ${shown(sdk)}, Slipway ${shown(slipway)}`];
  }
  const keys = new Set([...Object.keys(sdk), ...Object.keys(slipway)]);
  return [...keys].flatMap(key => differences(sdk[key], slipway[key], `${path}/${key}`));
}
