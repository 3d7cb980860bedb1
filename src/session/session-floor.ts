/** All that an endpoint needs for clients of the 2025 era which have a session. */
import type { Keyring } from '../sealing/keyring.ts';
import type { Logger } from '../server/logger.ts';
import type { State } from '../state/state.ts';
import { ClientRequests } from './client-requests.ts';
import { RequestStreams } from './request-streams.ts';
import { type CancelHere, RunningCalls } from './running-calls.ts';
import { Sessions } from './sessions.ts';
import { StandaloneStreams } from './standalone-streams.ts';

export interface SessionFloorParts {
  readonly keyring: Keyring;
  readonly state: State;
  readonly ttlMs: number;
  /** Asked for when there is something to say: a server's logger may be known late. */
  readonly logger: () => Logger;
  readonly cancelHere: CancelHere;
  /** Lets go of what this process does for a session that has ended. */
  readonly onTerminated: (session: string) => void;
}

export class SessionFloor {
  readonly keyring: Keyring;
  readonly state: State;
  readonly sessions: Sessions;
  readonly streams: RequestStreams;
  readonly standalone: StandaloneStreams;
  readonly questions: ClientRequests;
  readonly running: RunningCalls;

  constructor({ keyring, state, ttlMs, logger, cancelHere, onTerminated }: SessionFloorParts) {
    this.keyring = keyring;
    this.state = state;
    // First in line on the bus: a session that has changed is known as such before a stream acts on it.
    this.sessions = new Sessions(keyring, state, ttlMs, logger);
    this.streams = new RequestStreams(keyring, state, logger);
    this.standalone = new StandaloneStreams(keyring, state.bus, logger);
    this.questions = new ClientRequests(state.mailbox);
    this.running = new RunningCalls(state, cancelHere);
    this.sessions.onTerminated = key => {
      this.standalone.terminate(key);
      onTerminated(key);
    };
  }

  close(): void {
    this.standalone.closeAll();
    this.streams.close();
    this.running.close();
    this.sessions.close();
  }
}
