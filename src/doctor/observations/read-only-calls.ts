/** Calls of tools that say of themselves that they only read: once with arguments that fit, once with some that do not. */
import type { Exchange } from '../exchange/exchange.ts';
import { observation } from '../observation.ts';
import { isMember, type JsonMember, type RpcAnswer } from './rpc-answer.ts';
import { sampleArguments } from './sample-arguments.ts';
import { ask, session } from './session.ts';
import { toolList } from './tool-list.ts';

/** Tools that are called; those with an output schema first. */
const MAX_TOOLS = 6;

export interface ToolCalled {
  readonly name: string;
  readonly tool: JsonMember;
  /** `fitting`: as the schema wants them. `wrong`: a property of another type. */
  readonly given: 'fitting' | 'wrong';
  readonly exchange: Exchange;
  readonly answer: RpcAnswer;
}

function onlyReads({ annotations }: JsonMember): boolean {
  return isMember(annotations) && annotations['readOnlyHint'] === true && annotations['destructiveHint'] !== true;
}

/** The fitting arguments with one of them of another type; undefined where there is none to change. */
function wrongArguments(fitting: JsonMember): JsonMember | undefined {
  const [name] = Object.keys(fitting);
  return name === undefined ? undefined : { ...fitting, [name]: { 'not-this': true } };
}

/** None without `--write`: that is for the probe to ask. */
export const readOnlyCalls = observation(async (examination): Promise<readonly ToolCalled[]> => {
  const within = await session(examination);
  const { tools = [] } = (await toolList(examination)) ?? {};
  if (within === undefined) return [];
  const candidates = tools
    .filter(tool => typeof tool['name'] === 'string' && onlyReads(tool))
    .sort((one, other) => Number('outputSchema' in other) - Number('outputSchema' in one));
  const calls: ToolCalled[] = [];
  for (const tool of candidates.slice(0, MAX_TOOLS)) {
    const name = String(tool['name']);
    const fitting = sampleArguments(tool['inputSchema']);
    if (fitting === undefined) continue;
    const wrong = wrongArguments(fitting);
    for (const [given, values] of [['fitting', fitting] as const, ['wrong', wrong] as const]) {
      if (values === undefined) continue;
      calls.push({ name, tool, given, ...(await ask(examination, within, 'tools/call', { name, arguments: values })) });
    }
  }
  return calls;
});
