/** `WWW-Authenticate` (RFC 9110, 11.6.1), read as far as it can be. */
export interface Challenge {
  /** In lower case. */
  readonly scheme: string;
  /** Names in lower case. */
  readonly parameters: Readonly<Record<string, string>>;
}

const PARAMETER = /^\s*,?\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/;
const SCHEME = /^\s*,?\s*([\w!#$%&'*+.^`|~-]+)(?=\s|,|$)/;

/** @param values every `WWW-Authenticate` of a response */
export function challengesIn(values: readonly string[]): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  for (const value of values) {
    let rest = value.slice(0, 8_192);
    for (;;) {
      const parameter = PARAMETER.exec(rest);
      const current = challenges.at(-1);
      if (parameter !== null && current !== undefined) {
        const [match, name, quoted, bare] = parameter as unknown as [string, string, string | undefined, string];
        current.parameters[name.toLowerCase()] = quoted?.replace(/\\(.)/g, '$1') ?? bare;
        rest = rest.slice(match.length);
        continue;
      }
      const scheme = SCHEME.exec(rest);
      if (scheme === null) break;
      challenges.push({ scheme: scheme[1]!.toLowerCase(), parameters: {} });
      rest = rest.slice(scheme[0].length);
    }
  }
  return challenges;
}
