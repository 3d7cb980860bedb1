/** Notices changes in the folders of the files that a server consists of. */
import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, relative, sep } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';

/** Saves of several files, or of one by an editor that writes twice, are one change. */
const SETTLE_MS = 50;
const MAX_PASSED_OVER = 1_000;

export interface SourceWatchOptions {
  /** Whether a change of this file counts. */
  matters(path: string): boolean;
  /** When the files were read, in milliseconds since the epoch: one that is found to be newer has changed. */
  readAt(): number;
  /** What has changed since the last time; absolute paths. */
  onChange(paths: readonly string[]): void;
  onError(error: Error): void;
}

/** In folders of packages, of tools and of the state, files change that are not the user's to save. */
function isForeign(path: string, from: string): boolean {
  const parts = relative(from, path).split(sep);
  const dots = (part: string) => part.startsWith('.') && part !== '..' && part !== '.env';
  return parts.some(part => part === 'node_modules' || dots(part));
}

export class SourceWatch {
  readonly #options: SourceWatchOptions;
  readonly #watchers: FSWatcher[] = [];
  readonly #folders = new Set<string>();
  /** Those of them that are not there yet. */
  readonly #missing = new Set<string>();
  readonly #flat: FSWatcher;
  readonly #changed = new Set<string>();
  /** Files that were there, and are not: when they come back, they are what they were or something else. */
  readonly #gone = new Set<string>();
  /** Files whose change did not matter, and when that was, in milliseconds since the epoch. */
  readonly #passedOver = new Map<string, number>();
  #settled: NodeJS.Timeout | undefined;

  constructor(options: SourceWatchOptions) {
    this.#options = options;
    this.#flat = this.#open([], { depth: 0 });
  }

  #open(paths: readonly string[], settings: { depth?: number; ignored?: (path: string) => boolean }): FSWatcher {
    const watcher = watch([...paths], settings);
    watcher.on('error', error => this.#options.onError(error instanceof Error ? error : new Error(String(error))));
    watcher.on('all', (event, path) => {
      if (event === 'addDir') this.#appeared(path);
      else if (event === 'add') this.#found(path);
      else if (event === 'unlinkDir') this.#vanished(path);
      else {
        if (event === 'unlink') this.#gone.add(path);
        this.#note(path);
      }
    });
    this.#watchers.push(watcher);
    return watcher;
  }

  /** A file that is new, or back, or was there when its folder began to be watched. */
  #found(path: string): void {
    // Looked at now: it may have been saved after it was found, and before it was watched.
    const savedAt = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (this.#gone.delete(path) || savedAt >= this.#options.readAt()) this.#note(path);
  }

  #note(path: string): void {
    if (!this.#options.matters(path)) {
      if (this.#passedOver.size >= MAX_PASSED_OVER) this.#passedOver.clear();
      this.#passedOver.set(path, Date.now());
      return;
    }
    this.#changed.add(path);
    clearTimeout(this.#settled);
    this.#settled = setTimeout(() => this.#tell(), SETTLE_MS);
  }

  #tell(): void {
    const paths = [...this.#changed];
    this.#changed.clear();
    this.#options.onChange(paths);
  }

  /** Watches the folders of these files, also ones that do not exist yet; nothing below them. */
  addFiles(paths: readonly string[]): void {
    for (const path of paths) {
      this.#addFolder(dirname(path));
      // It was saved while it was being loaded, before anybody here knew of it.
      const seenAt = this.#passedOver.get(path);
      if (seenAt === undefined) continue;
      this.#passedOver.delete(path);
      if (seenAt >= this.#options.readAt()) this.#note(path);
    }
  }

  #addFolder(folder: string): void {
    if (this.#folders.has(folder)) return;
    this.#folders.add(folder);
    const isThere = existsSync(folder);
    if (isThere) this.#flat.add(folder);
    else this.#missing.add(folder);
    // A folder is not told when one above it is moved away: that one has to be watched as well.
    const isBelow = [...this.#folders].some(other => folder.startsWith(other + sep));
    if (!isThere || isBelow) this.#addFolder(dirname(folder));
  }

  /** A folder is there: maybe the one that a file is missing in, or one above it. */
  #appeared(path: string): void {
    for (const folder of this.#missing) {
      if (folder !== path && !folder.startsWith(path + sep)) continue;
      this.#missing.delete(folder);
      this.#folders.delete(folder);
      this.#addFolder(folder);
    }
  }

  /** A folder is gone, as when another branch is checked out: it may come back. */
  #vanished(path: string): void {
    for (const folder of [...this.#folders]) {
      if (folder !== path && !folder.startsWith(path + sep)) continue;
      this.#missing.delete(folder);
      this.#folders.delete(folder);
      this.#addFolder(folder);
    }
  }

  /**
   * Watches files, and folders with everything below them but packages and what begins with a dot.
   *
   * @param but a folder below them that is left out
   */
  addTrees(paths: readonly string[], but: string | undefined): void {
    for (const path of paths) {
      const ignored = (inner: string) => isForeign(inner, path) || inner === but;
      this.#open([path], { ignored });
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#settled);
    await Promise.all(this.#watchers.map(watcher => watcher.close()));
  }
}

/** Modules are known by their real paths. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
