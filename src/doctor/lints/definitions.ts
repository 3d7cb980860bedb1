/** Rows 90, 93, 94 and 95: what Slipway itself checks when a tool is registered (schema/tool-lint.ts). */
import { SlipwayError, type SlipwayErrorCode } from '../../protocol/coded-error.ts';
import { lintTool, type ToolFinding } from '../../schema/tool-lint.ts';
import { fact } from '../evidence.ts';
import { isMember, type JsonMember } from '../observations/rpc-answer.ts';
import type { Sighting } from '../probe.ts';
import { MAX_NAMED, type ToolLint } from './tool-lint.ts';

const ROWS: Readonly<Partial<Record<SlipwayErrorCode, number>>> = {
  SLIP_INVALID_NAME: 90,
  SLIP_SCHEMA_PROPERTY_KEY: 93,
  SLIP_SCHEMA_ROOT_COMBINATOR: 94,
  SLIP_SCHEMA_OLD_DIALECT: 95,
  SLIP_SCHEMA_DIALECT: 95,
};

/** What is no tool at all has no rules to break. */
function findingsOf({ name, inputSchema, outputSchema }: JsonMember): readonly ToolFinding[] {
  if (typeof name !== 'string') return [];
  return lintTool({
    name,
    inputSchema: isMember(inputSchema) ? inputSchema : {},
    ...(isMember(outputSchema) && { outputSchema }),
  });
}

/** The words of the registration's own error. */
function textOf({ code, details }: ToolFinding): string {
  return new SlipwayError(code, details).what;
}

export const definitions: ToolLint = {
  rows: [90, 93, 94, 95],
  look({ tools }) {
    const texts = new Map<number, string[]>();
    for (const finding of tools.flatMap(findingsOf)) {
      const row = ROWS[finding.code];
      if (row !== undefined) texts.set(row, [...(texts.get(row) ?? []), textOf(finding)]);
    }
    return [...texts].map(([row, found]): Sighting => {
      const rest = found.length - MAX_NAMED;
      return {
        row,
        evidence: found.slice(0, MAX_NAMED).map(fact),
        ...(rest > 0 && { note: `And ${rest} more.` }),
      };
    });
  },
};
