/** Whether a connection comes about at all: look-up, TCP, TLS handshake. Nothing is sent over it. */
import type { ConnectionFacts, ConnectionFailure } from '../network/connection.ts';
import { ConnectionError } from '../network/connection.ts';
import { observation } from '../observation.ts';

export interface Reach {
  readonly facts?: ConnectionFacts;
  readonly failure?: ConnectionFailure;
}

export const reach = observation(async ({ network, url, limits }): Promise<Reach> => {
  try {
    const { socket, facts } = await network.connect(url, { signal: AbortSignal.timeout(limits.exchangeMs) });
    socket.destroy();
    return { facts };
  } catch (error) {
    if (error instanceof ConnectionError) return { failure: error.failure };
    throw error;
  }
});
