/** A configuration of nginx with the files that it includes. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { fileErrorCode } from '../../state/file-fault.ts';
import { IncludedFileError } from '../included-file-error.ts';
import { type MissingInclude, NginxConfiguration } from './configuration.ts';
import { type Directive, nginxDirectives } from './directives.ts';
import type { NginxVersion } from './version.ts';

/** Where nginx looks for relative names on most machines. */
const PREFIX = '/etc/nginx';

/** A file that includes itself must not be read forever. */
const MAX_FILES = 500;
const MAX_DEPTH = 16;

/** Lists that say nothing about requests. */
const HARMLESS = new Set(['mime.types', 'fastcgi.conf', 'fastcgi_params', 'scgi_params', 'uwsgi_params']);

/** The names in a folder that a pattern with `*`, `?` and `[...]` matches, as nginx sorts them. */
function namesLike(folder: string, pattern: string): string[] {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
  try {
    return readdirSync(folder)
      .filter(name => !name.startsWith('.') && new RegExp(`^${source}$`).test(name))
      .sort();
  } catch {
    return [];
  }
}

class Reader {
  readonly missing: MissingInclude[] = [];
  readonly #folders: readonly string[];
  #files = 0;

  constructor(path: string) {
    this.#folders = [dirname(path), PREFIX];
  }

  expand(directives: readonly Directive[], depth: number): Directive[] {
    return directives.flatMap(directive => {
      const { name, block, args } = directive;
      if (name === 'include' && block === undefined) return this.#included(directive, args[0] ?? '', depth);
      return block === undefined ? directive : { ...directive, block: this.expand(block, depth) };
    });
  }

  #included(directive: Directive, pattern: string, depth: number): Directive[] {
    if (HARMLESS.has(basename(pattern))) return [];
    const candidates = isAbsolute(pattern) ? [pattern] : this.#folders.map(folder => join(folder, pattern));
    if (/[*?[]/.test(pattern)) {
      const found = candidates.map(candidate =>
        namesLike(dirname(candidate), basename(candidate)).map(name => join(dirname(candidate), name)),
      );
      // That none is there is no mistake.
      return (found.find(({ length }) => length > 0) ?? []).flatMap(file => this.#file(file, depth) ?? []);
    }
    for (const candidate of candidates) {
      const read = this.#file(candidate, depth);
      if (read !== undefined) return read;
    }
    this.missing.push({ directive, pattern });
    return [];
  }

  #file(file: string, depth: number): Directive[] | undefined {
    if (depth >= MAX_DEPTH || this.#files >= MAX_FILES) return undefined;
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      if (fileErrorCode(error) === undefined) throw error;
      return undefined;
    }
    this.#files++;
    let directives: Directive[];
    try {
      directives = nginxDirectives(text, file);
    } catch (error) {
      throw new IncludedFileError(file, error);
    }
    return this.expand(directives, depth + 1);
  }
}

/**
 * @param path of the file, for what it includes
 * @param version of the nginx that it is for
 * @throws NginxSyntaxError, IncludedFileError
 */
export function readConfiguration(path: string, text: string, version?: NginxVersion): NginxConfiguration {
  const reader = new Reader(path);
  const directives = reader.expand(nginxDirectives(text), 0);
  return new NginxConfiguration(directives, reader.missing, version);
}
