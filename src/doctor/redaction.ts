/** Hides secrets in evidence: what the user gave us, and what looks like one. */
import { REDACTED, redactText } from '../host/sight/redaction.ts';
import type { Evidence } from './evidence.ts';

/** Lines whose content is the evidence: challenges and places hold URLs and names, not secrets. */
const OPEN_LINE =
  /^(www-authenticate|location|content-security-policy|access-control-[\w-]+|allow|mcp-[\w-]*version):/i;
/** What may be secret in such a line: the values of a query, and the user of a URL. */
const QUERY_VALUE = /([?&][\w.~-]+=)([^&\s"'#]+)/g;
/** Of a query, what is no secret and may be the evidence. */
const OPEN_QUERY =
  /^[?&](response_type|code_challenge_method|scope|resource|redirect_uri|client_id|error|error_description|iss)=$/;

/** What a terminal would obey, and what turns the writing around; a server's answer is the text of a stranger. */
const CONTROL = /(?![\n\t])[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Where excerpts are cut. */
const CUT = '…';
/** Fewer characters of a secret tell nothing. */
const MIN_CUT = 4;

/** Makes a text fit to be shown. */
export type Redact = (text: string) => string;

/** As it is, and as it stands in a URL, in JSON and in HTML. */
function writings(secret: string): readonly string[] {
  const escaped: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return [
    secret,
    encodeURIComponent(secret.toWellFormed()),
    encodeURI(secret.toWellFormed()),
    JSON.stringify(secret).slice(1, -1),
    secret.replace(/[&<>"]/g, character => escaped[character]!),
  ];
}

/** The beginning of a secret, where an excerpt ends in the middle of it. */
function withoutCut(text: string, given: readonly string[]): string {
  const parts = text.split(CUT);
  return parts
    .map((part, index) => {
      if (index === parts.length - 1) return part;
      const shown = Math.max(...given.map(secret => commonLength(part, secret)), 0);
      return shown < MIN_CUT ? part : `${part.slice(0, -shown)}${REDACTED}`;
    })
    .join(CUT);
}

/** How much of the beginning of a secret a text ends with. */
function commonLength(text: string, secret: string): number {
  for (let length = Math.min(secret.length - 1, text.length); length >= MIN_CUT; length--) {
    if (text.endsWith(secret.slice(0, length))) return length;
  }
  return 0;
}

/** @param secrets texts that are hidden wherever they stand */
export function redaction(secrets: readonly string[]): Redact {
  const given = [...new Set(secrets.filter(secret => secret.length >= 4).flatMap(writings))].sort(
    (one, other) => other.length - one.length,
  );
  const hide = (text: string) =>
    withoutCut(
      given.reduce((clean, secret) => clean.replaceAll(secret, REDACTED), text),
      given,
    );
  return text => hide(text).replaceAll('\r\n', '\n').split('\n').map(redactLine).join('\n').replace(CONTROL, '\ufffd');
}

function redactLine(line: string): string {
  if (!OPEN_LINE.test(line)) return redactText(line);
  return line
    .replace(/(:\/\/)[^/\s"'@]*@/g, `$1${REDACTED}@`)
    .replace(QUERY_VALUE, (match, name: string) => (OPEN_QUERY.test(name) ? match : `${name}${REDACTED}`));
}

export function redactEvidence(evidence: Evidence, redact: Redact): Evidence {
  if (evidence.kind === 'fact') return { kind: 'fact', text: redact(evidence.text) };
  return { kind: 'exchange', request: redact(evidence.request), response: redact(evidence.response) };
}
