import { clientKey } from '../client-key.ts';
import { containerFiles, imageName } from './container-files.ts';
import { GITIGNORE, packageManifest, TSCONFIG } from './package-files.ts';
import { readme } from './readme.ts';
import { SERVER_TEST, serverSource } from './server-source.ts';

/**
 * The files of a new project: contents by path.
 *
 * @param name of the package; the server's name is the part after the scope
 * @param slipway which release it depends on, as `package.json` says it
 */
export function projectFiles(name: string, slipway: string): Readonly<Record<string, string>> {
  const serverName = name.replace(/^@[^/]*\//, '');
  return {
    'package.json': packageManifest(name, slipway),
    'tsconfig.json': TSCONFIG,
    'server.ts': serverSource(serverName),
    'server.test.ts': SERVER_TEST,
    ...containerFiles(serverName),
    '.gitignore': GITIGNORE,
    'README.md': readme(name, clientKey(serverName), imageName(serverName)),
  };
}
