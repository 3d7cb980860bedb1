/** The scope that Claude asks for. */
import { observation } from '../observation.ts';
import { describedServer, textsIn } from './authorization-server.ts';
import { bearerChallenge, resourceMetadata } from './resource-metadata.ts';

export interface RequestedScope {
  /** Of the 401, else of the resource metadata; empty where neither names any. */
  readonly named: readonly string[];
  /** Whether the authorization server lists `offline_access`, which is added then. */
  readonly isOffline: boolean;
  /** As it is sent, without the space that Claude leaves in front where nothing is named. */
  readonly text: string;
}

export const requestedScope = observation(async (examination): Promise<RequestedScope> => {
  const [challenge, resource, server] = await Promise.all([
    bearerChallenge(examination),
    resourceMetadata(examination),
    describedServer(examination),
  ]);
  const challenged = (challenge?.parameters['scope'] ?? '').split(/\s+/).filter(scope => scope !== '');
  const named = challenged.length > 0 ? challenged : textsIn(resource?.document?.['scopes_supported']);
  const isOffline = textsIn(server?.document['scopes_supported']).includes('offline_access');
  const all = new Set([...named, ...(isOffline ? ['offline_access'] : [])]);
  return { named, isOffline, text: [...all].join(' ') };
});
