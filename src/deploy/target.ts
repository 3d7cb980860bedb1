/** One way to run a server, as a set of files. */
import type { Deployment } from './deployment.ts';
import { shellWord } from './shell-word.ts';

export interface GeneratedFile {
  readonly name: string;
  readonly text: string;
}

/** Command lines with what they are for. */
export interface Step {
  readonly title: string;
  readonly commands: readonly string[];
}

export interface Target {
  readonly name: string;
  readonly summary: string;
  files(deployment: Deployment): readonly GeneratedFile[];
  /**
   * What to do with the files.
   *
   * @param folder where they are; `.` for the current one
   */
  steps(deployment: Deployment, folder: string): readonly Step[];
}

/** The path of a file, as a word of a command line. */
export function inFolder(folder: string, name: string): string {
  return shellWord(folder === '.' ? name : `${folder}/${name}`);
}

/** The comment that ends a file: how to install and to check it. */
export function stepsComment(steps: readonly Step[]): string {
  const lines = steps.flatMap(({ title, commands }) => ['', `${title}:`, ...commands.map(command => `  ${command}`)]);
  return lines
    .slice(1)
    .map(line => (line === '' ? '#' : `# ${line}`))
    .join('\n');
}
