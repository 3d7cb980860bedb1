/** The processes that a process has started, from /proc: on Linux only, as are the tests that ask. */
import { readdirSync, readFileSync } from 'node:fs';

/** Ids of the children of a process that have not ended. */
export function childrenOf(parent: number): number[] {
  const ids = readdirSync('/proc').filter(name => /^\d+$/.test(name));
  return ids.map(Number).filter(id => {
    try {
      // pid (name) state ppid; the name may hold anything, so it is left out from its end.
      const stat = readFileSync(`/proc/${id}/stat`, 'latin1');
      const [state, ppid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(ppid) === parent && state !== 'Z';
    } catch {
      return false;
    }
  });
}
