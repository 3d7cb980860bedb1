/**
 * What a deployment is called: its units, its objects in Kubernetes, its image, and what nginx keeps for it. So it is a name
 * for all of them: nginx takes `$9x` for a group of a regular expression, and has no room for long names of variables.
 */

const MAX_CHARS = 32;
const NAME = new RegExp(`^[a-z](?:[a-z0-9-]{0,${MAX_CHARS - 2}}[a-z0-9])?$`);

/** Words of YAML; what stands in front; folders that systemd keeps for itself. */
const TAKEN = new Set([
  ...['y', 'n', 'yes', 'no', 'on', 'off', 'true', 'false', 'null'],
  ...['nginx', 'caddy'],
  'private',
]);

/** Whether YAML, the proxy in front or systemd means something else by a word. */
export function isTaken(word: string): boolean {
  return TAKEN.has(word);
}

export const DEFAULT_NAME = 'mcp-server';

/** Why a text can not be the name of a deployment; undefined when it can. */
export function deploymentNameProblem(name: string): string | undefined {
  if (!NAME.test(name)) return `up to ${MAX_CHARS} lower-case letters, digits and dashes, the first a letter`;
  return isTaken(name) ? 'a name that means nothing else, such as my-server' : undefined;
}

/** The nearest name to a text that has other characters: `@me/My.Server` is `me-my-server`. */
export function deploymentNameLike(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, MAX_CHARS)
    .replace(/-+$/, '');
  return deploymentNameProblem(name) === undefined ? name : DEFAULT_NAME;
}
