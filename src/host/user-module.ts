/** A file of the user's that is loaded as a module: the server file, the configuration. */
import { pathToFileURL } from 'node:url';
import { quietLoaderWarnings } from './loader-warnings.ts';
import { loadFault } from './server-file-fault.ts';

/**
 * Waits for a user's code. Something that nothing will ever settle leaves the process without work, and Node would end
 * it without a word: it rejects instead.
 *
 * @param where for the message: `in its function`
 */
export async function settled<T>(work: Promise<T>, where: string): Promise<T> {
  const idle = Promise.withResolvers<never>();
  const onIdle = () => idle.reject(new Error(`it waits ${where} for something that never happens`));
  process.once('beforeExit', onIdle);
  try {
    return await Promise.race([work, idle.promise]);
  } finally {
    process.off('beforeExit', onIdle);
  }
}

/** `export default` of a module; CommonJS compiled from it wraps it once more. */
function unwrapped(exported: unknown): unknown {
  const wrapped = typeof exported === 'object' && exported !== null && 'default' in exported;
  return wrapped ? exported.default : exported;
}

/**
 * Runs a file and takes its default export.
 *
 * @param path absolute
 * @throws SlipwayError `SLIP_CLI_FILE_BROKEN`
 */
export async function defaultExportOf(path: string): Promise<unknown> {
  quietLoaderWarnings();
  try {
    const module = await settled<{ default?: unknown }>(import(pathToFileURL(path).href), 'at the top level');
    return unwrapped(module.default);
  } catch (error) {
    throw await loadFault(path, error);
  }
}
