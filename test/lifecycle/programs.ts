/** Programs of the system that some tests need. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const FOLDERS = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];

/** The path of a program; undefined when it is not installed. */
export function programPath(name: string): string | undefined {
  return FOLDERS.map(folder => join(folder, name)).find(path => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** For the `skip` of a test: why it is left out, and how to run it; false when all are installed. */
export function missing(...names: readonly string[]): string | false {
  const absent = names.filter(name => programPath(name) === undefined);
  if (absent.length === 0) return false;
  return `${absent.join(' and ')} not installed; on Debian: apt-get install ${absent.map(packageOf).join(' ')}`;
}

function packageOf(program: string): string {
  return program.startsWith('systemd-') ? 'systemd' : program;
}
