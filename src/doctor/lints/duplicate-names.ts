/** Row 92: two tools of one name. */
import { fact } from '../evidence.ts';
import type { ToolLint } from './tool-lint.ts';

export const duplicateNames: ToolLint = {
  rows: [92],
  look({ tools }) {
    const counts = Map.groupBy(tools, ({ name }) => name);
    const twice = [...counts].filter(([name, of]) => typeof name === 'string' && of.length > 1);
    if (twice.length === 0) return [];
    const evidence = twice.map(([name, of]) =>
      fact(`tools/list has '${String(name).slice(0, 200)}' ${of.length} times`),
    );
    return [{ row: 92, evidence }];
  },
};
