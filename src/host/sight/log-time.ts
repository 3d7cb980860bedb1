let second = Number.NaN;
let prefix = '';

/**
 * The time as ISO 8601 in UTC with milliseconds: `2026-09-01T12:00:00.000Z`. The date is formatted once a second, so a
 * line costs an addition of digits.
 *
 * @param ms since 1970
 */
export function isoTime(ms: number = Date.now()): string {
  const at = Math.floor(ms / 1000);
  if (at !== second) {
    second = at;
    prefix = new Date(at * 1000).toISOString().slice(0, 20);
  }
  const rest = Math.floor(ms - at * 1000);
  return `${prefix}${rest < 10 ? '00' : rest < 100 ? '0' : ''}${rest}Z`;
}
