/** What happens when a server asks the user: given answers first, then the terminal, then no. */
import type { ElicitHandler } from '../../client/client-options.ts';
import type { ElicitRequestFormParams, ElicitRequestURLParams, ElicitResult } from '../../protocol/elicitation.ts';
import { note } from '../reach/output.ts';
import { visibleLine, visibleText } from '../reach/visible-text.ts';
import { filledIn, type GivenAnswers, missingFields, withDefaults } from './given-answers.ts';
import { inWords, type Schema } from './schema-words.ts';

/** Where questions are asked: both ends have to be a terminal. */
export function isTerminal(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

function declined(message: string, hint: string): ElicitResult {
  note(`slipway: the server asks: ${visibleLine(message)}`);
  note(`slipway: declined, because this is no terminal to ask at; ${hint}`);
  return { action: 'decline' };
}

function answersHint({ requestedSchema }: ElicitRequestFormParams, names: readonly string[]): string {
  const fields = names.map(name => {
    const kind = inWords(requestedSchema.properties[name], requestedSchema as Schema);
    return `--answer ${visibleLine(name)}=${kind === 'string' ? '...' : `<${visibleLine(kind)}>`}`;
  });
  return `answer with ${fields.length === 0 ? '--answer accept' : fields.join(' ')}`;
}

async function answerForm(
  params: ElicitRequestFormParams,
  given: GivenAnswers,
  signal: AbortSignal,
): Promise<ElicitResult> {
  const content = filledIn(params, given);
  const missing = missingFields(params, content);
  const isAnswered = missing.length === 0 && (given.action === 'accept' || Object.keys(content).length > 0);
  if (isAnswered) return { action: 'accept', content: withDefaults(params, content) };
  if (!isTerminal()) {
    const names = missing.length > 0 ? missing : Object.keys(params.requestedSchema.properties);
    return declined(params.message, answersHint(params, names));
  }
  const { askForm } = await import('./form-prompt.ts');
  return askForm(params, content, signal);
}

/** Only such addresses are worth a visit; others could start a program. */
const PAGE = /^https?:\/\//i;

async function answerPage(
  { message, url }: ElicitRequestURLParams,
  given: GivenAnswers,
  signal: AbortSignal,
): Promise<ElicitResult> {
  if (!PAGE.test(url)) {
    note('slipway: the server sends the user to an address that is no web page; declined');
    return { action: 'decline' };
  }
  note(`slipway: the server asks you to visit a page: ${visibleText(message)}\n  ${visibleLine(url)}`);
  if (given.action === 'accept') return { action: 'accept' };
  if (!isTerminal()) {
    note('slipway: declined, because this is no terminal to ask at; visit the page, then call with --answer accept');
    return { action: 'decline' };
  }
  const { askPage } = await import('./form-prompt.ts');
  return askPage(signal);
}

/**
 * The handler of a client that has a command line and perhaps a terminal.
 *
 * @param clear called before something is shown
 * @param fail called for an answer that does not fit its question
 */
export function questions(given: GivenAnswers, clear: () => void, fail: (error: unknown) => void): ElicitHandler {
  // One question after the other, also where a server asks several at once.
  let last: Promise<unknown> = Promise.resolve();
  return (params, signal) => {
    const answer = last.then(async (): Promise<ElicitResult> => {
      clear();
      if (given.action === 'decline' || given.action === 'cancel') return { action: given.action };
      return params.mode === 'url' ? answerPage(params, given, signal) : answerForm(params, given, signal);
    });
    last = answer.catch(fail);
    return answer;
  };
}
