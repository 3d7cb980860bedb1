/** What can be said of a server's tools by reading their list: from the network or from a server file. */
import type { JsonMember } from '../observations/rpc-answer.ts';
import type { Sighting } from '../probe.ts';

export interface ToolSet {
  /** As listed: nothing about them is certain, not even that there is a name. */
  readonly tools: readonly JsonMember[];
  /** What the server calls itself. */
  readonly serverName?: string | undefined;
}

export interface ToolLint {
  /** The rows that it can report, and no others. */
  readonly rows: readonly number[];
  look(set: ToolSet): readonly Sighting[];
}

/** How many tools a finding names; the rest is counted. */
export const MAX_NAMED = 8;

/** A name for people; of a tool without one, its place in the list. */
export function nameOf(tool: JsonMember, index: number): string {
  const { name } = tool;
  return typeof name === 'string' ? name.slice(0, 200) : `the tool at place ${index + 1}`;
}
