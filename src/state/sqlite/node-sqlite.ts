import { SlipwayError } from '../../protocol/coded-error.ts';

type NodeSqlite = typeof import('node:sqlite');

let loaded: NodeSqlite | undefined;

/**
 * `node:sqlite`, loaded when it is first needed: a server without a state directory never pays for it. Node 22 and 24
 * warn that it is experimental; which version is fit for use is our matter and no news to a person who starts a server.
 *
 * @throws SlipwayError `SLIP_STORE_UNAVAILABLE`
 */
export function nodeSqlite(): NodeSqlite {
  if (loaded !== undefined) return loaded;
  const emitWarning = process.emitWarning;
  const filtered = (...parts: unknown[]): void => {
    if (parts[1] !== 'ExperimentalWarning') Reflect.apply(emitWarning, process, parts);
  };
  process.emitWarning = filtered;
  try {
    // Node can be built without it.
    loaded = process.getBuiltinModule('node:sqlite') as NodeSqlite | undefined;
    if (loaded === undefined) throw new SlipwayError('SLIP_STORE_UNAVAILABLE', { why: 'this Node.js has no SQLite' });
    return loaded;
  } finally {
    process.emitWarning = emitWarning;
  }
}
