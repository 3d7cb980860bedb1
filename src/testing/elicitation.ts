/** The user of a test: answers what a server asks. */
import type { ElicitHandler } from '../client/client-options.ts';
import type { ElicitRequestFormParams, ElicitRequestParams, ElicitResult } from '../protocol/elicitation.ts';

/** What is filled into a form. */
export type AnswerContent = NonNullable<ElicitResult['content']>;

/**
 * The content of a form, which accepts it; `accept` for a page to visit; `decline` or `cancel`; or the whole result, for a
 * form that has a field named `action`.
 */
export type Answer = AnswerContent | 'accept' | 'decline' | 'cancel' | ElicitResult;

/** What the server asks. */
export interface Question {
  readonly mode: 'form' | 'url';
  readonly message: string;
  /** The fields of the form by name, as JSON Schemas; none for a page. */
  readonly fields: ElicitRequestFormParams['requestedSchema']['properties'];
  /** The names of the fields that must be filled in. */
  readonly required: readonly string[];
  /** The page to visit. */
  readonly url: string | undefined;
}

/** Always the same answer, or a function that finds it. */
export type Elicit = Answer | ((question: Question) => Answer | Promise<Answer>);

const ACTIONS: ReadonlySet<unknown> = new Set(['accept', 'decline', 'cancel']);
const RESULT_MEMBERS: ReadonlySet<string> = new Set(['action', 'content', '_meta']);

function isResult(answer: object): answer is ElicitResult {
  return 'action' in answer && ACTIONS.has(answer.action) && Object.keys(answer).every(key => RESULT_MEMBERS.has(key));
}

function questionOf(params: ElicitRequestParams): Question {
  const { message } = params;
  if (params.mode === 'url') return { mode: 'url', message, fields: {}, required: [], url: params.url };
  const { properties, required = [] } = params.requestedSchema;
  return { mode: 'form', message, fields: properties, required, url: undefined };
}

/**
 * The handler that a client has for it.
 *
 * @param failed told what the function throws: an assertion that does not hold, for example
 */
export function handlerOf(elicit: Elicit, failed: (thrown: unknown) => void): ElicitHandler {
  const find = async (question: Question): Promise<Answer> => {
    if (typeof elicit !== 'function') return elicit;
    try {
      return await elicit(question);
    } catch (thrown) {
      failed(thrown);
      throw thrown;
    }
  };
  return async params => {
    const answer = await find(questionOf(params));
    if (typeof answer === 'string') return { action: answer, ...(answer === 'accept' && { content: {} }) };
    return isResult(answer) ? answer : { action: 'accept', content: answer };
  };
}
