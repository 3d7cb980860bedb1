/** What a request says its body is (RFC 9110, 8.3). */

const JSON_TYPE = 'application/json';

/** RFC 9110, 5.6.2: the characters of a type or subtype. */
const ESSENCE = /^[!#$%&'*+\-.^_`|~0-9a-z]+\/[!#$%&'*+\-.^_`|~0-9a-z]+$/;

/** Whether a comma stands outside of quotes, where it joins two header lines. */
function isJoined(parameters: string): boolean {
  let quoted = false;
  for (let at = 0; at < parameters.length; at++) {
    const character = parameters[at];
    if (character === '"') quoted = !quoted;
    else if (quoted && character === '\\') at++;
    else if (!quoted && character === ',') return true;
  }
  return false;
}

/**
 * The `type/subtype` of a Content-Type in lower case, without its parameters; undefined when there is none, or when
 * two values were joined so that nobody can say which one counts.
 */
function essenceOf(value: string): string | undefined {
  const semicolon = value.indexOf(';');
  const essence = (semicolon < 0 ? value : value.slice(0, semicolon)).trim().toLowerCase();
  if (!ESSENCE.test(essence)) return undefined;
  return semicolon >= 0 && isJoined(value.slice(semicolon)) ? undefined : essence;
}

/**
 * Whether a Content-Type denotes `application/json`, with any parameters. The official SDK's function of this name:
 * strict about the type, and false for a missing header. The endpoint itself asks {@link acceptsBody}.
 */
export function isJsonContentType(value: string | null | undefined): boolean {
  if (value === JSON_TYPE) return true;
  return value !== null && value !== undefined && essenceOf(value) === JSON_TYPE;
}

/**
 * Whether the endpoint reads a body of this Content-Type as JSON: `application/json`, any `application/*+json`, and a
 * missing header, which some clients leave out.
 *
 * The three types that a browser page may send to any site without a preflight (text/plain,
 * application/x-www-form-urlencoded, multipart/form-data) are refused like every other type, so that no page can post
 * around CORS. A page can send no type at all too (a Blob without one), but not without an Origin, which is guarded.
 */
export function acceptsBody(value: string | undefined): boolean {
  if (value === undefined || value === JSON_TYPE || value === '') return true;
  const essence = essenceOf(value);
  if (essence === undefined) return false;
  return essence === JSON_TYPE || (essence.startsWith('application/') && essence.endsWith('+json'));
}
