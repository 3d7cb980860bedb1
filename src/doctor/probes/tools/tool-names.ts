/** Row 90: one bad name, and Claude shows no tool at all. */
import { fact } from '../../evidence.ts';
import { toolList } from '../../observations/tool-list.ts';
import type { Probe } from '../../probe.ts';

const CLAUDE_NAME = /^[a-zA-Z0-9_-]{1,64}$/;

export const toolNames: Probe = {
  name: 'tool names',
  stage: 'tools',
  rows: [90],
  needs: ['mcp'],
  async run(examination) {
    const { tools = [] } = (await toolList(examination)) ?? {};
    const bad = tools.map(({ name }) => name).filter(name => typeof name !== 'string' || !CLAUDE_NAME.test(name));
    if (bad.length === 0) return [];
    return [
      { row: 90, evidence: bad.map(name => fact(`tools/list has the name ${JSON.stringify(name)?.slice(0, 200)}`)) },
    ];
  },
};
