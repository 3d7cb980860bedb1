/** Which files a server file consists of, as Node loads them: what a change of has to be noticed. */
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

/** This package: its own modules are no files of the user's. */
const OWN_ROOT = new URL('../../', import.meta.url).href;

function userPath(url: string): string | undefined {
  if (!url.startsWith('file:') || url.startsWith(OWN_ROOT) || url.includes('/node_modules/')) return undefined;
  return fileURLToPath(url.replace(/[?#].*$/s, ''));
}

/** Where a relative import that failed would have led. */
function wantedUrl(specifier: string, parent: string | undefined): string | undefined {
  if (parent?.startsWith('file:') !== true || !/^(\.\.?\/|file:)/.test(specifier)) return undefined;
  return URL.parse(specifier, parent)?.href;
}

/**
 * Calls back with each file of the user's that is loaded from now on, once, soon after it is; also with one that does
 * not exist, because it may be about to.
 *
 * @param report absolute paths
 * @returns reports at once what has not been reported yet
 */
export function watchLoading(report: (paths: readonly string[]) => void): () => void {
  const known = new Set<string>();
  let waiting: string[] = [];
  const flush = () => {
    if (waiting.length === 0) return;
    const paths = waiting;
    waiting = [];
    report(paths);
  };
  const note = (url: string | undefined) => {
    const path = url === undefined ? undefined : userPath(url);
    if (path === undefined || known.has(path)) return;
    known.add(path);
    if (waiting.push(path) === 1) setImmediate(flush);
  };
  registerHooks({
    resolve: (specifier, context, nextResolve) => {
      try {
        const resolved = nextResolve(specifier, context);
        note(resolved.url);
        return resolved;
      } catch (error) {
        note(wantedUrl(specifier, context.parentURL));
        throw error;
      }
    },
  });
  return flush;
}
