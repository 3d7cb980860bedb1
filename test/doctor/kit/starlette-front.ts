/** A real Starlette under uvicorn in front of a server of the tests; see starlette-front.py. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { CommandProcess } from '../../cli/command-process.ts';
import { programPath } from '../../lifecycle/programs.ts';
import type { Running } from './running.ts';

const SCRIPT = resolve(import.meta.dirname, 'starlette-front.py');

let found: string | undefined | false = false;

/** A Python that has both; the one of the system may have them where another comes first in the path. */
function python(): string | undefined {
  if (found !== false) return found;
  const candidates = [programPath('python3'), '/usr/bin/python3'].filter(path => path !== undefined);
  found = candidates.find(path => spawnSync(path, ['-c', 'import starlette, uvicorn']).status === 0);
  return found;
}

/** For the `skip` of a test. */
export function missingStarlette(): string | false {
  if (python() !== undefined) return false;
  return 'no python3 with starlette and uvicorn; on Debian: apt-get install python3-starlette python3-uvicorn';
}

/**
 * Closing the front closes what is behind.
 *
 * @param mode `mount`: `Mount("/mcp", app=...)`. `route`: both forms of the path are routes.
 */
export async function behindStarlette(behind: Running, mode: 'mount' | 'route'): Promise<Running> {
  const { origin, pathname } = new URL(behind.url);
  const uvicorn = new CommandProcess([python()!, SCRIPT, origin, mode]);
  const close = async () => {
    await uvicorn[Symbol.asyncDispose]();
    await behind.close();
  };
  try {
    const [, port] = await uvicorn.until('stdout', /^(\d+)$/m);
    return { ...behind, url: `http://127.0.0.1:${port}${pathname}`, close };
  } catch (error) {
    await close();
    throw error;
  }
}
