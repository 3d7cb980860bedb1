/** A user's server file: found, loaded, its default export recognised. */
import { statSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { SlipwayError } from '../protocol/coded-error.ts';
import { McpServer } from '../server/mcp-server.ts';
import { Server } from '../server/server.ts';
import type { McpServerFactory } from '../transport/http/served.ts';
import { defaultExportOf, settled } from './user-module.ts';

export interface LoadedServer {
  /** What `serve()` takes: a server, or a function that makes one. */
  readonly server: McpServer | Server | McpServerFactory;
  /** The server's own name; the folder's, where a function makes no server without a real request. */
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
  if (found !== undefined) return found;
  const missing = file === undefined ? 'server.ts' : relative('', resolve(file)) || '.';
  throw new SlipwayError('SLIP_CLI_FILE_MISSING', { file: missing });
}

function has(value: unknown, member: string): boolean {
  return typeof value === 'object' && value !== null && member in value;
}

function isServer(value: unknown): value is McpServer | Server {
  return value instanceof McpServer || value instanceof Server;
}

function nameOf(server: McpServer | Server): string {
  return (server instanceof McpServer ? server.core : server).info.name;
}

/** Why something that is no server of ours looks like one. */
function likeness(value: unknown): string | undefined {
  if (!has(value, 'registerTool') && !has(value, 'setRequestHandler')) return undefined;
  return has(value, 'core') || has(value, 'keyring')
    ? 'it imports another copy of slipway than this command is; run npx slipway in its folder'
    : "its default export is the server of another package; import McpServer from 'slipway' instead";
}

function assertServer(value: unknown, path: string): asserts value is McpServer | Server {
  if (isServer(value)) return;
  const file = relative('', path);
  const why = likeness(value);
  throw why === undefined
    ? new SlipwayError('SLIP_CLI_NO_SERVER', { file })
    : new SlipwayError('SLIP_CLI_FILE_BROKEN', { file, why });
}

/**
 * What a factory makes of a request that says nothing, to see at the start whether it makes servers at all. Undefined when
 * it throws: that may be its right for such a request, and every real one is told.
 */
async function trial(factory: McpServerFactory): Promise<{ made: unknown } | undefined> {
  try {
    return { made: await settled(Promise.resolve(factory({ era: 'modern' })), 'in its function') };
  } catch {
    return undefined;
  }
}

/**
 * Runs a server file and takes its default export: an `McpServer`, a `Server`, or a function that makes one.
 *
 * @param path absolute path of a TypeScript or JavaScript file
 * @throws SlipwayError `SLIP_CLI_FILE_BROKEN` when it does not load, `SLIP_CLI_NO_SERVER` when it exports no server
 */
export async function loadServerFile(path: string): Promise<LoadedServer> {
  const exported = await defaultExportOf(path);
  if (typeof exported !== 'function') {
    assertServer(exported, path);
    return { server: exported, name: nameOf(exported) };
  }
  const factory = exported as McpServerFactory;
  // A class can not be called, so it would pass for a factory that refuses the trial.
  if (/^class\b/.test(Function.prototype.toString.call(factory))) assertServer(undefined, path);
  const tried = await trial(factory);
  if (tried === undefined) return { server: factory, name: basename(dirname(path)) };
  assertServer(tried.made, path);
  return { server: factory, name: nameOf(tried.made) };
}
