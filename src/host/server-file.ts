/** A user's server file: found, loaded, its default export recognised. */
import { statSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SlipwayError } from '../protocol/coded-error.ts';
import { quietLoaderWarnings } from './loader-warnings.ts';
import type { serve } from './serve.ts';
import { loadFault } from './server-file-fault.ts';

type Servable = Parameters<typeof serve>[0];

export interface LoadedServer {
  /** What `serve()` takes: a server, or a function that makes one. */
  readonly server: Servable;
  /** The server's own name; for a function, which has made none yet, the folder's. */
  readonly name: string;
}

const DEFAULT_FILES = ['server.ts', 'server.mts', 'server.js', 'server.mjs'].flatMap(name => [name, `src/${name}`]);

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/**
 * The absolute path of the server file.
 *
 * @param file as the user wrote it, relative to the current folder; undefined looks for the usual names
 * @throws SlipwayError `SLIP_CLI_FILE_MISSING`
 */
export function findServerFile(file?: string): string {
  const found = (file === undefined ? DEFAULT_FILES : [file]).map(name => resolve(name)).find(isFile);
  if (found === undefined) throw new SlipwayError('SLIP_CLI_FILE_MISSING', { file: file ?? 'server.ts' });
  return found;
}

function has(value: unknown, method: string): boolean {
  return typeof value === 'object' && value !== null && method in value;
}

/** The name of a server of ours, and with it the proof that it is one: by members, so that any copy of the package counts. */
function nameOf(value: unknown): string | undefined {
  const inner = has(value, 'server') ? (value as { server: unknown }).server : value;
  if (!has(inner, 'setRequestHandler') || !has(inner, 'info')) return undefined;
  const { info } = inner as { info: unknown };
  const name = has(info, 'name') ? (info as { name: unknown }).name : undefined;
  return typeof name === 'string' ? name : undefined;
}

/** `export default` of a module; CommonJS compiled from it wraps it once more. */
function defaultExport(module: { default?: unknown }): unknown {
  const exported = module.default;
  return has(exported, 'default') ? (exported as { default: unknown }).default : exported;
}

async function importFile(path: string): Promise<{ default?: unknown }> {
  quietLoaderWarnings();
  // A top-level await that nothing will ever settle leaves the process without work: say so instead of ending mutely.
  const idle = Promise.withResolvers<never>();
  const onIdle = () => idle.reject(new Error('it waits at the top level for something that never happens'));
  process.once('beforeExit', onIdle);
  try {
    return (await Promise.race([import(pathToFileURL(path).href), idle.promise])) as { default?: unknown };
  } catch (error) {
    throw await loadFault(path, error);
  } finally {
    process.off('beforeExit', onIdle);
  }
}

/**
 * Runs a server file and takes its default export: an `McpServer`, a `Server`, or a function that makes one.
 *
 * @param path absolute path of a TypeScript or JavaScript file
 * @throws SlipwayError `SLIP_CLI_FILE_BROKEN` when it does not load, `SLIP_CLI_NO_SERVER` when it exports no server
 */
export async function loadServerFile(path: string): Promise<LoadedServer> {
  const exported = defaultExport(await importFile(path));
  if (typeof exported === 'function') return { server: exported as Servable, name: basename(dirname(path)) };
  const name = nameOf(exported);
  if (name !== undefined) return { server: exported as Servable, name };
  if (has(exported, 'registerTool') || has(exported, 'setRequestHandler')) {
    const why = "its default export is the server of another package; import McpServer from 'slipway' instead";
    throw new SlipwayError('SLIP_CLI_FILE_BROKEN', { file: relative('', path), why });
  }
  throw new SlipwayError('SLIP_CLI_NO_SERVER', { file: relative('', path) });
}
