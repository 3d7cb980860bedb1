import type { Envelope } from '../protocol/envelope.ts';
import type { RequestId } from '../protocol/json-rpc.ts';

/** The params of a request, as they came. */
export type Params = Readonly<Record<string, unknown>>;

/** One request, classified: what dispatch works on. */
export interface Call {
  readonly id: RequestId;
  readonly method: string;
  readonly params: Params;
  /** The revision whose rules and vocabulary answer it. */
  readonly revision: string;
  /** The envelope of a modern request; undefined in the 2025 era. */
  readonly envelope: Envelope | undefined;
}

export const NO_PARAMS: Params = Object.freeze({});
