/** What a client can read (RFC 9110, 12.5.1). */

const EVENT_STREAM = 'text/event-stream';
const ANYTHING = '*/*';
/** How closely a range names `text/event-stream`: the closest range decides. */
const CLOSENESS: ReadonlyMap<string, number> = new Map([
  [EVENT_STREAM, 3],
  ['text/*', 2],
  [ANYTHING, 1],
]);

/** The q parameter, from 0 to 1; anything unreadable counts as 1, as if it were absent. */
function weightOf(parameters: readonly string[]): number {
  for (const parameter of parameters) {
    const [name = '', value = ''] = parameter.split('=', 2);
    if (name.trim().toLowerCase() !== 'q') continue;
    const weight = Number(value.trim() || '1');
    return weight >= 0 && weight <= 1 ? weight : 1;
  }
  return 1;
}

/**
 * Whether an answer may be a stream of server-sent events.
 *
 * @param accept - the Accept header
 * @returns true when it is missing, empty, or has a range that covers `text/event-stream` with a weight above 0; false
 * when it names other types only, such as `application/json`
 */
export function acceptsEventStream(accept: string | undefined): boolean {
  if (
    accept === undefined ||
    accept === 'application/json, text/event-stream' ||
    accept === ANYTHING ||
    accept === EVENT_STREAM
  ) {
    return true;
  }
  if (accept === 'application/json') return false;
  if (accept.trim() === '') return true;
  let closest = 0;
  let weight = 0;
  for (const range of accept.split(',')) {
    const [type = '', ...parameters] = range.split(';');
    const closeness = CLOSENESS.get(type.trim().toLowerCase()) ?? 0;
    if (closeness <= closest) continue;
    closest = closeness;
    weight = weightOf(parameters);
  }
  return weight > 0;
}
