/** `--profile`: for whose sake a server is examined. */
import { SlipwayError } from '../protocol/coded-error.ts';
import { CLIENTS, type Client } from './client.ts';

export const PROFILES = [...CLIENTS, 'all'] as const;

export type Profile = (typeof PROFILES)[number];

/** Claude is why people come. */
export const DEFAULT_PROFILE: Profile = 'claude';

/**
 * The clients of the profiles that were named.
 *
 * @param names as on the command line; none: the default
 * @throws SlipwayError `SLIP_CLI_USAGE`
 */
export function chosenClients(names: readonly string[] = [DEFAULT_PROFILE]): readonly Client[] {
  const chosen = new Set<Client>();
  for (const name of names) {
    if (name === 'all') for (const client of CLIENTS) chosen.add(client);
    else if ((CLIENTS as readonly string[]).includes(name)) chosen.add(name as Client);
    else throw new SlipwayError('SLIP_CLI_USAGE', { why: `--profile takes ${PROFILES.join(', ')}, not '${name}'` });
  }
  return [...chosen];
}
