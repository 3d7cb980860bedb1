import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Names where process ids mean the same as here: one boot of one machine, one pid namespace. Containers that share a
 * volume have different ones, and never judge each other by process id.
 */
export function processSpace(): string {
  if (process.platform !== 'linux') return `${process.platform}:${hostname()}`;
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}:${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return randomUUID();
  }
}

/**
 * When a process started, in the unit of its system: a later process with the same id has another value.
 *
 * @returns undefined where that can not be known, `ended` for a process that is dead and only waits to be collected
 */
export function processStart(pid: number): string | 'ended' | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name before it may contain spaces and brackets: "pid (name) state ppid ...", start time is field 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? 'ended' : fields[19];
  } catch {
    return undefined;
  }
}

/** Whether the process with this id runs and is the one that started then. For ids of this process space only. */
export function isRunning(pid: number, started: string | undefined): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs as another user.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const start = processStart(pid);
  if (start === 'ended') return false;
  return start === undefined || started === undefined || start === started;
}
