/** What is no row of the catalogue, and good to know before a server is published. */
import { isMember } from '../observations/rpc-answer.ts';
import type { OfferedTool } from './offered-tools.ts';
import { nameOf } from './tool-lint.ts';

export interface Advice {
  readonly title: string;
  /** Names of the tools that it is about. */
  readonly tools: readonly string[];
  readonly fix: string;
  readonly source: string;
}

interface Rule {
  readonly title: string;
  readonly fix: string;
  readonly source: string;
  applies(tool: OfferedTool): boolean;
}

const DIRECTORY = 'documentation of the connectors directory';

function annotation({ definition }: OfferedTool, name: string): unknown {
  const annotations = definition['annotations'];
  return isMember(annotations) ? annotations[name] : undefined;
}

function titleOf(tool: OfferedTool): unknown {
  return tool.definition['title'] ?? annotation(tool, 'title');
}

const RULES: readonly Rule[] = [
  {
    title: 'No title',
    fix: "Give every tool a title; Claude's directory requires it.",
    source: DIRECTORY,
    applies: tool => typeof titleOf(tool) !== 'string',
  },
  {
    title: 'Neither readOnlyHint nor destructiveHint',
    fix: "Say in annotations what the tool does; Claude's directory requires one of both.",
    source: DIRECTORY,
    applies: tool =>
      annotation(tool, 'readOnlyHint') === undefined && annotation(tool, 'destructiveHint') === undefined,
  },
  {
    title: 'readOnlyHint and destructiveHint together',
    fix: 'A tool that reads does not destroy: make two tools of one that does both.',
    source: DIRECTORY,
    applies: tool => annotation(tool, 'readOnlyHint') === true && annotation(tool, 'destructiveHint') === true,
  },
  {
    title: 'No description',
    fix: 'Describe what the tool does and when to use it: the model has nothing else to go by.',
    source: 'MCP 2026-07-28, server/tools',
    applies: ({ definition: { description } }) => typeof description !== 'string' || description.trim() === '',
  },
  {
    title: 'No deadline',
    fix: 'Set toolTimeoutMs or timeout below 60,000, so that the model is told before Claude gives up.',
    source: 'row 47',
    applies: ({ timeoutMs, code }) => timeoutMs === undefined && code !== undefined,
  },
];

/** The rules that some tool breaks, with these tools. */
export function adviceFor(tools: readonly OfferedTool[]): readonly Advice[] {
  return RULES.map(({ title, fix, source, applies }) => ({
    title,
    fix,
    source,
    tools: tools.flatMap((tool, index) => (applies(tool) ? [nameOf(tool.definition, index)] : [])),
  })).filter(({ tools: broken }) => broken.length > 0);
}
