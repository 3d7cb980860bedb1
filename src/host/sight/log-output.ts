/** Where lines go: a file, or what stands behind standard error and standard output. */
import { closeSync, fstatSync, openSync, type Stats, statSync, write, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { isatty, type WriteStream } from 'node:tty';
import { SlipwayError } from '../../protocol/coded-error.ts';
import { fileErrorCode, fileFault } from '../../state/file-fault.ts';

export type WriteCallback = (error: Error | null, written: number) => void;

export interface LogOutput {
  readonly isTerminal: boolean;
  /** Bytes that one write may have, so that the lines of several processes do not get mixed. */
  readonly maxWriteBytes: number;
  /** Never blocks the event loop, however slow the other end is. */
  write(bytes: Uint8Array, done: WriteCallback): void;
  /** For the end of the process. */
  writeSync(bytes: Uint8Array): void;
  /**
   * Goes on in a new file of the same name, after a rotation; nothing to do for others. Not while a write is under way:
   * that has the descriptor in hand. Throws what opening throws.
   */
  reopen(): void;
  /** Not while a write is under way, either. */
  close(): void;
}

/** Appending to a file is atomic, whatever the size; this keeps a write from holding up the others for long. */
const FILE_WRITE_BYTES = 256 * 1024;
/** PIPE_BUF of Linux: a pipe takes as much in one piece. */
const PIPE_WRITE_BYTES = 4096;

/** A file: written by the thread pool, so that a slow disk does not stop the event loop. */
class FileOutput implements LogOutput {
  readonly isTerminal = false;
  readonly maxWriteBytes = FILE_WRITE_BYTES;
  readonly #path: string | undefined;
  readonly #mode: number;
  #fd: number;

  /** @param path undefined for a descriptor that was given */
  constructor(fd: number, path: string | undefined, mode: number) {
    this.#fd = fd;
    this.#path = path;
    this.#mode = mode;
  }

  write(bytes: Uint8Array, done: WriteCallback): void {
    write(this.#fd, bytes, 0, bytes.byteLength, null, done);
  }

  writeSync(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.byteLength; ) at += writeSync(this.#fd, bytes, at);
  }

  reopen(): void {
    if (this.#path === undefined) return;
    const old = this.#fd;
    this.#fd = openFile(this.#path, this.#mode);
    closeSync(old);
  }

  close(): void {
    if (this.#path !== undefined) closeSync(this.#fd);
  }
}

const guarded = new WeakSet<WriteStream>();

/** A pipe, socket or terminal: Node's own stream, which never waits for whoever reads a pipe. */
class StreamOutput implements LogOutput {
  readonly isTerminal: boolean;
  readonly maxWriteBytes = PIPE_WRITE_BYTES;
  readonly #stream: WriteStream;

  constructor(stream: WriteStream) {
    this.#stream = stream;
    this.isTerminal = stream.isTTY === true;
    if (guarded.has(stream)) return;
    guarded.add(stream);
    stream.on('error', () => {}); // Told to the callback too; unheard, it would end the process.
  }

  write(bytes: Uint8Array, done: WriteCallback): void {
    this.#stream.write(bytes, error => done(error ?? null, error ? 0 : bytes.byteLength));
  }

  writeSync(bytes: Uint8Array): void {
    this.#stream.write(bytes);
  }

  reopen(): void {}

  close(): void {}
}

function openFile(path: string, mode: number): number {
  return openSync(path, 'a', mode);
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function fdIsFile(fd: number): boolean {
  try {
    const stats = fstatSync(fd);
    return stats.isFile() || (stats.isCharacterDevice() && !isatty(fd));
  } catch {
    return false;
  }
}

/**
 * @param destination `stderr`, `stdout`, or the path of a file, which is appended to
 * @param option the name of the option in messages
 * @param mode of a file that is made
 * @throws SlipwayError `SLIP_INVALID_OPTION` for a file that can not be had
 */
export function openOutput(destination: string, option: string, mode: number): LogOutput {
  if (destination === 'stderr' || destination === 'stdout') {
    const fd = destination === 'stderr' ? 2 : 1;
    return fdIsFile(fd) ? new FileOutput(fd, undefined, mode) : new StreamOutput(process[destination]);
  }
  const path = resolve(destination);
  try {
    const stats = statOf(path);
    // Opening a pipe waits for its reader, and would keep the server from starting.
    if (stats?.isFIFO() || stats?.isSocket()) throw new Error('it is a pipe or a socket');
    return new FileOutput(openFile(path, mode), path, mode);
  } catch (error) {
    const why = `${path} can not be written to: ${fileFault(error)}`;
    throw new SlipwayError('SLIP_INVALID_OPTION', { option, why }, { cause: error });
  }
}
