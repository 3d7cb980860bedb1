/** A request whose server asks for more input before it answers (MCP 2026-07-28, basic/patterns/mrtr). */
import { SlipwayError } from '../protocol/coded-error.ts';
import type { ElicitRequest } from '../protocol/elicitation.ts';
import { type InputRequests, type InputResponses, isInputRequiredResult } from '../protocol/input-required.ts';
import { isPlainObject } from '../protocol/json-rpc.ts';
import { UrlElicitationRequiredError } from '../protocol/protocol-error.ts';
import type { Result } from '../protocol/result.ts';

export interface Rounds {
  /** Sends the request, with these members added to its params. */
  send(added: Record<string, unknown>): Promise<Result>;
  /** Answers one question; throws what the request then fails with. */
  answer(request: { method: string; params?: unknown }): Promise<unknown>;
  readonly method: string;
  readonly maxRounds: number;
}

async function answersTo(questions: InputRequests, { answer }: Rounds): Promise<InputResponses> {
  const answers: [string, unknown][] = [];
  // One after the other: there is one user to ask.
  for (const [key, question] of Object.entries(questions)) {
    const asked = isPlainObject(question) && typeof question['method'] === 'string';
    if (!asked) throw new SlipwayError('SLIP_SERVER_ANSWER', { why: `the question '${key}' has no method` });
    answers.push([key, await answer(question)]);
  }
  return Object.fromEntries(answers) as InputResponses;
}

/** Whether the user went to each page that a server of 2025-11-25 wants visited first (error -32042). */
async function visited({ elicitations }: UrlElicitationRequiredError, { answer }: Rounds): Promise<boolean> {
  for (const params of elicitations) {
    const question = { method: 'elicitation/create', params: { ...params, mode: 'url' } } as ElicitRequest;
    if (((await answer(question)) as { action?: unknown }).action !== 'accept') return false;
  }
  return true;
}

/**
 * Sends a request until it is answered: each round carries the answers to the questions of the one before, and its state
 * unchanged.
 *
 * @throws SlipwayError `SLIP_SERVER_ROUNDS` when the server does not stop to ask; whatever a round throws
 */
export async function inRounds(rounds: Rounds): Promise<Result> {
  let added: Record<string, unknown> = {};
  for (let round = 0; round <= rounds.maxRounds; round++) {
    let result: Result;
    try {
      result = await rounds.send(added);
    } catch (error) {
      if (!(error instanceof UrlElicitationRequiredError) || !(await visited(error, rounds))) throw error;
      continue;
    }
    if (!isInputRequiredResult(result)) return result;
    const { inputRequests, requestState } = result;
    if (inputRequests === undefined && requestState === undefined) {
      throw new SlipwayError('SLIP_SERVER_ANSWER', { why: 'it asks for input and does not say for which' });
    }
    added = {
      ...(inputRequests !== undefined && { inputResponses: await answersTo(inputRequests, rounds) }),
      ...(requestState !== undefined && { requestState }),
    };
  }
  throw new SlipwayError('SLIP_SERVER_ROUNDS', { method: rounds.method, rounds: rounds.maxRounds });
}
