/**
 * What must never be in a log: secrets by the name they go by, and by what they look like. Rather too much than too
 * little: a log is copied to many places, and read by many people.
 */

export const REDACTED = '[redacted]';

/** Parts of names, in lower case and without separators, that make the value a secret. */
const SECRET_PARTS =
  /authori[sz]ation(?:header|value)?$|cookie|passw(?:or)?d|passphrase|secret|apikey|accesskey|privatekey|signingkey|encryptionkey|credential|sessionid|bearer|jwt|clientassertion|codeverifier|clientcert|cardnumber|connectionstring/;
/** Whole names. `tokens` that are counted are numbers, which {@link isSecretMember} lets pass. */
const SECRET_NAMES = /^(?:pwd|pass|auth|otp|pin|cvv|cvc|sid|.*tokens?(?:value|string)?)$/;
const HARMLESS_NAMES = new Set(['progresstoken', 'maxtokens', 'cancellationtoken']);
/** What callers send and get: personal, large, and none of a log's business. */
const PAYLOAD_NAMES = new Set(['arguments', 'inputresponses', 'requeststate', 'structuredcontent']);

function normalized(name: string): string {
  return name
    .slice(0, 200)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}

/** Whether a header, member, parameter or option of this name holds a secret: `Authorization`, `api_key`, `userPassword`. */
export function isSecretName(name: string): boolean {
  const plain = normalized(name);
  return SECRET_PARTS.test(plain) || (SECRET_NAMES.test(plain) && !HARMLESS_NAMES.has(plain));
}

/** Whether a member is left out of a log: a secret, or the arguments of a call. Counts and flags say nothing. */
export function isSecretMember(name: string, value: unknown): boolean {
  if (value === undefined || value === null || value === '' || typeof value === 'boolean') return false;
  const plain = normalized(name);
  if (PAYLOAD_NAMES.has(plain)) return typeof value !== 'number';
  if (typeof value === 'number' && /tokens?$/.test(plain)) return false;
  return isSecretName(name);
}

const PEM = /-----BEGIN [A-Z0-9 ]{0,40}-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}-----|$)/g;
const URL_TEXT = /\b([a-z][a-z0-9+.-]{1,20}):\/\/([^\s"'<>`]+)/gi;
/** The rest of such a line is its value, whatever separators are in it. */
const HEADER_LINE =
  /\b((?:proxy-)?authorization|(?:set-)?cookie|x-api-key|mcp-session-id)(["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\r\n]+)/gi;
const SCHEME = /\b(Bearer|Basic|Digest|DPoP)(\s+)([\w.~+/=-]{6,})/gi;
const ASSIGNMENT = /(?<![\w.-])([A-Za-z_][\w.-]{0,40})(["']?\s{0,3}[:=]\s{0,3})("[^"]*"|'[^']*'|[^\s,;&"'{}()[\]]+)/g;
const TOKENS = new RegExp(
  [
    String.raw`\beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*){0,3}`,
    String.raw`\b(?:sk|pk|rk)[-_][\w-]{16,}`,
    String.raw`\bgh[pousr]_\w{20,}|\bgithub_pat_\w{20,}|\bglpat-[\w-]{16,}`,
    String.raw`\bxox[a-z]-[\w-]{10,}|\bxapp-[\w-]{10,}`,
    String.raw`\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[\w-]{30,}|\bya29\.[\w-]{20,}`,
    String.raw`\bnpm_\w{30,}|\bhf_\w{20,}|\bSG\.[\w-]{16,}\.[\w-]{16,}`,
  ].join('|'),
  'g',
);
const LONG_RUN = /[A-Za-z0-9_+=-]{40,}|(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{30,}={1,2}/g;

/** A word of prose behind `Basic` or `Bearer` is no credential. */
function isWord(text: string): boolean {
  return /^[a-z][a-z-]*[.:]?$/.test(text);
}

/** User, password, query and fragment go; host and path stay. */
function redactUrlText(match: string, scheme: string, rest: string): string {
  if (scheme.toLowerCase() === 'file') return match;
  const web = /^(?:https?|wss?)$/i.test(scheme);
  // Passwords in the URLs of databases often hold unescaped slashes.
  const user = (web ? /^[^/?#@]*@(?:[^/?#@]*@)*/ : /^.*@/).exec(rest)?.[0] ?? '';
  const place = rest.slice(user.length);
  const end = place.search(/[?#]/);
  // An empty query or fragment, as of `http://json-schema.org/draft-07/schema#`, hides nothing.
  const path = end < 0 || end === place.length - 1 ? place : `${place.slice(0, end + 1)}${REDACTED}`;
  return `${scheme}://${user === '' ? '' : `${REDACTED}@`}${path}`;
}

function redactRun(run: string): string {
  if (/^[0-9a-f]+$/i.test(run)) return run.length >= 48 ? REDACTED : run;
  return /[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run) ? REDACTED : run;
}

/** `name=value` and `name: value`, also where one is the value of another: `Error: password=...`. */
function redactAssignments(text: string): string {
  const assignment = new RegExp(ASSIGNMENT);
  let clean = '';
  let done = 0;
  for (let found = assignment.exec(text); found !== null; found = assignment.exec(text)) {
    const [match, name = '', separator = '', value = ''] = found;
    const valueAt = found.index + match.length - value.length;
    if (isSecretMember(name, /^\d+$/.test(value) ? Number(value) : value)) {
      clean += `${text.slice(done, found.index)}${name}${separator}${REDACTED}`;
      done = assignment.lastIndex;
    } else assignment.lastIndex = valueAt;
  }
  return clean + text.slice(done);
}

/**
 * A text without what looks like a secret: tokens of known makes, JWTs, keys, `Authorization: ...`, `password=...`, user
 * and query of URLs, and long runs of random characters (hexadecimal ones from 48 on, so that commit ids stay).
 */
export function redactText(text: string): string {
  if (text.length < 6) return text;
  const clean = text
    .replace(PEM, REDACTED)
    .replace(URL_TEXT, redactUrlText)
    .replace(HEADER_LINE, (_match, name: string, separator: string) => `${name}${separator}${REDACTED}`)
    .replace(SCHEME, (match, scheme: string, space: string, rest: string) =>
      isWord(rest) ? match : `${scheme}${space}${REDACTED}`,
    );
  return redactAssignments(clean).replace(TOKENS, REDACTED).replace(LONG_RUN, redactRun);
}

/** The path of a request target, without its query: that may hold a token. */
export function pathOf(target: string, maxLength = 200): string {
  const end = target.search(/[?#]/);
  return boundedText(end < 0 ? target : target.slice(0, end), maxLength);
}

const CONTROL = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Text of a stranger for a log: bounded, redacted, no control characters, none that turn the writing around. */
export function boundedText(text: string, maxLength: number): string {
  // Redacted before it is cut: half a token is no longer seen as one.
  const clean = redactText(text.slice(0, 4 * maxLength + 256)).replace(CONTROL, '\ufffd');
  return clean.length <= maxLength ? clean : `${clean.slice(0, maxLength)}…`;
}
