/** `slipway call`: calls one tool of a server, for people and for scripts. */
import { readFileSync } from 'node:fs';
import type { ClientOptions } from '../client/client-options.ts';
import { nearest } from '../host/configuration/nearest.ts';
import { SlipwayError } from '../protocol/coded-error.ts';
import { isPlainObject } from '../protocol/json-rpc.ts';
import { severityOf } from '../protocol/logging.ts';
import type { CallToolResult, Tool } from '../protocol/tool.ts';
import { givenAnswers } from './call/given-answers.ts';
import { ProgressLine } from './call/progress-line.ts';
import { questions } from './call/questions.ts';
import { resultText } from './call/result-text.ts';
import { toolArguments } from './call/tool-arguments.ts';
import type { FlagValues, RestOfLine } from './command.ts';
import { note } from './reach/output.ts';
import { type Reached, reach, targetOf } from './reach/reach.ts';
import { fileText, reachSettings } from './reach/reach-flags.ts';
import { visibleLine, visibleText } from './reach/visible-text.ts';
import { switchValue } from './switch-value.ts';

const MAX_NAMES = 30;
/** Log messages of a server that are less severe stay unseen. */
const LOG_LEVEL = 'warning';

function toolOf(tools: readonly Tool[], name: string | undefined): Tool {
  const found = tools.find(tool => tool.name === name);
  if (found !== undefined) return found;
  const names = tools.map(tool => visibleLine(tool.name));
  const shown = [...names.slice(0, MAX_NAMES), ...(names.length > MAX_NAMES ? ['...'] : [])].join(', ');
  const near = name === undefined ? undefined : nearest(name, names);
  const known = names.length === 0 ? 'the server has no tools' : `the server has ${shown}`;
  const hint = near === undefined ? known : `did you mean ${near}?`;
  throw name === undefined
    ? new SlipwayError('SLIP_CLI_USAGE', { why: `The name of the tool is missing; ${known}` })
    : new SlipwayError('SLIP_CALL_TOOL', { name, hint });
}

/** `--data`: JSON, `@FILE`, or `-` for standard input. */
function dataOf(given: string | undefined): string | undefined {
  if (given === '-') return readFileSync(0, 'utf8');
  return given?.startsWith('@') ? fileText(given.slice(1)) : given;
}

/** Log messages of the server, as they come. */
const hearing =
  (line: ProgressLine): ClientOptions['onnotification'] =>
  ({ method, params }) => {
    if (method !== 'notifications/message' || !isPlainObject(params)) return;
    const { level, data } = params;
    if (typeof level !== 'string' || severityOf(level as never) < severityOf(LOG_LEVEL)) return;
    line.clear();
    note(`${level}: ${visibleLine(typeof data === 'string' ? data : JSON.stringify(data))}`);
  };

async function print(result: CallToolResult, json: boolean, { output }: Reached): Promise<void> {
  if (result.isError === true) process.exitCode = 1;
  if (json) return output.write(`${JSON.stringify(result, null, 2)}\n`);
  const text = resultText(result);
  if (result.isError === true) return note(visibleText(text) || 'The tool failed and does not say why.');
  if (text !== '') await output.write(`${process.stdout.isTTY ? visibleText(text) : text}\n`);
}

/**
 * `slipway call`: prints what the tool answers. A tool that fails says so on standard error, and the exit code is 1.
 *
 * @param target the URL of a server, or a server file
 * @throws SlipwayError `SLIP_CLI_*`, `SLIP_CALL_*`, `SLIP_SERVER_*`
 */
export async function call(target: string | undefined, values: FlagValues, rest: RestOfLine): Promise<void> {
  const settings = reachSettings(values, rest);
  if (target === undefined) {
    throw new SlipwayError('SLIP_CLI_USAGE', { why: 'slipway call takes a server, a tool and its arguments' });
  }
  const [name, ...words] = rest.more;
  const json = switchValue('json', values['json']) === true;
  const given = givenAnswers(rest.repeated['answer'] ?? []);
  const data = dataOf(values['data']);
  const line = new ProgressLine();
  const failing = new AbortController();
  const fail = (error: unknown) => failing.abort(error);
  const clientOptions: ClientOptions = {
    elicit: questions(given, () => line.clear(), fail),
    logLevel: LOG_LEVEL,
    onnotification: hearing(line),
  };
  await reach(targetOf(target, settings), settings, clientOptions, async reached => {
    const { client } = reached;
    const signal = AbortSignal.any([reached.signal, failing.signal]);
    const options = { timeout: reached.timeout, signal };
    const tool = toolOf((await client.listTools(undefined, options)).tools, name);
    const params = { name: tool.name, arguments: toolArguments(tool, words, data) };
    // Whoever tells how far it has come is still at work.
    const onprogress = (progress: Parameters<ProgressLine['show']>[0]) => line.show(progress);
    const result = await client
      .callTool(params, { ...options, onprogress, resetTimeoutOnProgress: true })
      .finally(() => line.clear());
    await print(result, json, reached);
  });
}
