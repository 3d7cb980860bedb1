/** What `slipway init` asks at a terminal. */
import { resolve } from 'node:path';
import { CANCEL_SYMBOL, cancel, confirm, intro, text } from '@clack/prompts';
import { SlipwayError } from '../../protocol/coded-error.ts';
import { nameOfFolder, nameProblem } from './project-name.ts';
import { assertUsable } from './target-folder.ts';

/** What is known of the new project; undefined is asked for. */
export interface Wishes {
  /** As the user wrote it. */
  readonly folder: string | undefined;
  readonly name: string | undefined;
  readonly install: boolean | undefined;
  readonly force: boolean;
}

export interface Answers {
  readonly folder: string;
  readonly name: string;
  readonly install: boolean;
}

const FOLDER = 'my-mcp-server';

/** Whoever leaves a question unanswered wants none of it. */
function answered<T>(answer: T | typeof CANCEL_SYMBOL): T {
  if (answer !== CANCEL_SYMBOL) return answer as T;
  cancel('Nothing was written.');
  process.exit(130);
}

function folderProblem(folder: string, force: boolean): string | undefined {
  try {
    assertUsable(resolve(folder), force);
    return undefined;
  } catch (error) {
    return error instanceof SlipwayError ? `${error.details['why']}` : String(error);
  }
}

/** Asks for what is missing. The process ends with 130 when the user leaves. */
export async function askFor({ folder, name, install, force }: Wishes): Promise<Answers> {
  intro('A new MCP server');
  const where =
    folder ??
    answered(
      await text({
        message: 'In which folder?',
        placeholder: FOLDER,
        defaultValue: FOLDER,
        validate: value => folderProblem(value || FOLDER, force),
      }),
    );
  const suggested = nameOfFolder(resolve(where));
  const called =
    name ??
    answered(
      await text({
        message: 'What is it called?',
        placeholder: suggested,
        defaultValue: suggested,
        validate: value => nameProblem(value || suggested),
      }),
    );
  const installs = install ?? answered(await confirm({ message: 'Install its dependencies with npm?' }));
  return { folder: where, name: called, install: installs };
}
