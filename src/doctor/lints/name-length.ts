/** Row 91: Cursor hides tools whose name and the server's together are longer than 60 characters. */
import { fact } from '../evidence.ts';
import type { Sighting } from '../probe.ts';
import { MAX_NAMED, type ToolLint } from './tool-lint.ts';

const MAX_TOGETHER = 60;
const MAX_NAME = 64;

export const nameLength: ToolLint = {
  rows: [91],
  look({ tools, serverName = '' }) {
    const names = tools.map(({ name }) => name).filter(name => typeof name === 'string');
    // What is too long for everybody is row 90.
    const long = names.filter(name => name.length <= MAX_NAME && name.length + serverName.length > MAX_TOGETHER);
    if (long.length === 0) return [];
    const evidence = long
      .slice(0, MAX_NAMED)
      .map(name =>
        fact(
          `'${name.slice(0, 200)}' has ${name.length} characters, with '${serverName.slice(0, 100)}' ${name.length + serverName.length}`,
        ),
      );
    // A server's name has one character at least.
    if (long.some(name => name.length >= MAX_TOGETHER)) return [{ row: 91, evidence }];
    const note = "The server's name counts as its user has it in mcp.json; here it is what the server calls itself.";
    return [{ row: 91, effect: 'risk', evidence, note } satisfies Sighting];
  },
};
