/** What servers say when somebody has to sign in, and when a scope is missing. */
import type { Exchange } from '../exchange/exchange.ts';
import { isMember, rpcAnswer } from './rpc-answer.ts';

const SIGN_IN =
  /\b(unauthori[sz]ed|unauthenticated|not (authenticated|authori[sz]ed|logged in|signed in)|(authentication|authori[sz]ation|sign[- ]?in|log[- ]?in) (is )?(required|needed|missing)|(must|have to|need to|please) (first )?(authenticate|sign in|log in|authori[sz]e)|(missing|no|invalid) (an? )?(valid )?(access |bearer |auth(entication)? )?(token|credentials|authori[sz]ation header)|requires (authentication|authori[sz]ation|sign[- ]?in))\b/i;
/** Not what a service behind the server says of the server's own key. */
const TO_THE_USER =
  /\b(sign|log)(ged|ging|ing|ned)?[- ]?in\b|\bnot authenticated\b|\bauthentication (is )?required\b|\b(please|must|have to|need to) (first )?(authenticate|authori[sz]e)\b/i;
const SCOPE =
  /insufficient[_ -]scopes?|\b(missing|required?|requires|lacks?|without|needs?|not have|have no)\b.{0,40}\bscopes?\b|\bscopes?\b.{0,40}\b(required|missing|needed|not granted|insufficient|not present)\b/i;
const MAX_CHARS = 4_000;

export function saysSignIn(text: string): boolean {
  return SIGN_IN.test(text.slice(0, MAX_CHARS));
}

/** Whether it is the user who is asked to, for certain. */
export function asksToSignIn(text: string): boolean {
  return TO_THE_USER.test(text.slice(0, MAX_CHARS));
}

export function saysScope(text: string): boolean {
  return SCOPE.test(text.slice(0, MAX_CHARS));
}

/** What a server says against a request: an error of HTTP, of JSON-RPC or of a tool; undefined where it does what was asked. */
export function objectionOf(exchange: Exchange, id: string | number): string | undefined {
  const { response } = exchange;
  if (response === undefined) return undefined;
  const { result, error } = rpcAnswer(exchange, id);
  if (error !== undefined) return `${error.message} ${JSON.stringify(error.data ?? '')}`;
  if (response.status >= 400) return `${response.headers.all('www-authenticate').join(' ')} ${response.text}`;
  if (result?.['isError'] !== true) return undefined;
  const content = Array.isArray(result['content']) ? result['content'] : [];
  return content.map(part => (isMember(part) ? String(part['text'] ?? '') : '')).join(' ');
}
