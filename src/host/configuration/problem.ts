/** What is wrong with a configuration, in words. No value that may be a secret is repeated. */
import type { Place, Refused } from './kind.ts';
import { type Configuration, isClearable, type Setting } from './settings.ts';

const MAX_SHOWN = 60;

/** Also what a terminal would take for a command, and a URL's password. */
export function quoted(text: string): string {
  const plain = text.replace(/\/\/.*@/s, '//***@').replace(/\p{C}/gu, '?');
  return `'${plain.length > MAX_SHOWN ? `${plain.slice(0, MAX_SHOWN)}...` : plain}'`;
}

function shown(given: unknown, place: Place): string {
  if (typeof given === 'string') return place.from === 'text' ? quoted(given) : `the text ${quoted(given)}`;
  if (Array.isArray(given)) return 'an array';
  if (typeof given === 'function') return 'a function';
  if (typeof given === 'object' && given !== null) return 'an object';
  return String(given);
}

/** `--port takes a whole number from 0 to 65535, not 'http'`. */
export function refusalText(setting: Setting, where: string, refused: Refused, place: Place): string {
  const allowed = `${refused.allowed ?? setting.kind.allowed}${isClearable(setting) ? ', or none' : ''}`;
  return `${where} takes ${allowed}, not ${refused.instead ?? shown(refused.given, place)}`;
}

/** Values that are fine by themselves, and not together. */
export function contradictions({ httpSse, legacy, port, adminPort, host, adminHost }: Configuration): string[] {
  const problems: string[] = [];
  if (httpSse && legacy === 'reject') {
    problems.push('httpSse serves the 2024 transport, which legacy: reject refuses; set one of them only');
  }
  if (adminPort !== undefined && adminPort !== 0 && adminPort === port && adminHost === host) {
    problems.push(`adminPort and port are both ${port}; the admin listener takes a port of its own`);
  }
  return problems;
}
