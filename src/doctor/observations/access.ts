/** Whether the endpoint answers MCP requests, and in which voice. */
import type { Exchange } from '../exchange/exchange.ts';
import { observation } from '../observation.ts';
import {
  CLAUDE_DISCOVERY,
  CLAUDE_RUNTIME,
  DISCOVERY_INITIALIZE,
  discoveryProbe,
  NEUTRAL,
  neutralProbe,
  RUNTIME_INITIALIZE,
  runtimeProbe,
} from './claude.ts';
import { discover } from './discover.ts';
import type { Voice } from './mcp-post.ts';
import { type RpcAnswer, rpcAnswer } from './rpc-answer.ts';

export interface Access {
  /**
   * `open`: it answers, without sign-in or with the credentials given. `sign-in`: it asks for it. `closed`: neither, so
   * that nothing can be said of what is behind.
   */
  readonly state: 'open' | 'sign-in' | 'closed';
  /** The exchange that says so. */
  readonly exchange: Exchange;
  /** The voice that was answered; Claude's where possible. */
  readonly voice: Voice;
  /** What `initialize` agreed on; absent where only 2026-07-28 is spoken. */
  readonly initialized?: RpcAnswer;
}

/** Claude's own voices first; then another, so that what a rule against Claude hides can still be examined. */
const ATTEMPTS = [
  { probe: runtimeProbe, voice: CLAUDE_RUNTIME, id: RUNTIME_INITIALIZE.id },
  { probe: discoveryProbe, voice: CLAUDE_DISCOVERY, id: DISCOVERY_INITIALIZE.id },
  { probe: neutralProbe, voice: NEUTRAL, id: RUNTIME_INITIALIZE.id },
] as const;

export const access = observation(async (examination): Promise<Access> => {
  const seen: { exchange: Exchange; voice: Voice }[] = [];
  for (const { probe, voice, id } of ATTEMPTS) {
    const exchange = await probe(examination);
    const answer = rpcAnswer(exchange, id);
    if (exchange.response?.status === 200 && answer.result !== undefined) {
      return { state: 'open', exchange, voice, initialized: answer };
    }
    seen.push({ exchange, voice });
    if (exchange.response?.status === 401) break;
  }
  const challenged = seen.find(({ exchange }) => exchange.response?.status === 401);
  if (challenged !== undefined) return { state: 'sign-in', ...challenged };
  const { exchange, answer } = await discover(examination);
  if (answer.result !== undefined) return { state: 'open', exchange, voice: CLAUDE_RUNTIME };
  return { state: 'closed', ...seen[0]! };
});
