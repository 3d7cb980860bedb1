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

/** Makes a text fit to be shown. */
export type Redact = (text: string) => string;

/** @param secrets texts that are hidden wherever they stand */
export function redaction(secrets: readonly string[]): Redact {
  const given = secrets.filter(secret => secret.length >= 4).sort((one, other) => other.length - one.length);
  const hide = (text: string) => given.reduce((clean, secret) => clean.replaceAll(secret, REDACTED), text);
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
