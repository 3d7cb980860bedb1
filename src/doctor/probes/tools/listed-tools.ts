/** Rows 90 to 97: what `tools/list` says by itself. */
import { TOOL_LINTS } from '../../lints/tool-lints.ts';
import { isMember } from '../../observations/rpc-answer.ts';
import { session } from '../../observations/session.ts';
import { toolList } from '../../observations/tool-list.ts';
import type { Probe } from '../../probe.ts';

export const listedTools: Probe = {
  name: 'names and schemas',
  stage: 'tools',
  rows: TOOL_LINTS.flatMap(({ rows }) => rows),
  needs: ['mcp'],
  async run(examination) {
    const [list, within] = await Promise.all([toolList(examination), session(examination)]);
    const info = within?.initialized?.result?.['serverInfo'];
    const serverName = isMember(info) && typeof info['name'] === 'string' ? info['name'] : undefined;
    return TOOL_LINTS.flatMap(lint => lint.look({ tools: list?.tools ?? [], serverName }));
  },
};
