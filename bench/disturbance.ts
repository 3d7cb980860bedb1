/**
 * How much of our two cores went to somebody else while we measured: other machines on the same hardware (stolen time)
 * and other processes of this one. It is the largest source of noise, and it says nothing about either server: pairs
 * with much of it are measured again. Everything is counted in the kernel's clock ticks.
 */
import { readFileSync } from 'node:fs';
import { LOAD_CORE, SERVER_CORE } from './server-process.ts';

type Ticks = { all: number; stolen: number; worked: number; ours: number };

/** User and system time of one process with all its threads, and of the children it has waited for (proc_pid_stat(5)). */
function processTicks(pid: number): { own: number; children: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in parentheses may contain blanks: count from the last parenthesis, which ends field 2.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3]);
  return { own: field(14) + field(15), children: field(16) + field(17) };
}

function read(serverPid: number): Ticks {
  const ticks: Ticks = { all: 0, stolen: 0, worked: 0, ours: 0 };
  for (const line of readFileSync('/proc/stat', 'utf8').split('\n')) {
    const [label, ...columns] = line.split(/\s+/);
    if (label !== `cpu${SERVER_CORE}` && label !== `cpu${LOAD_CORE}`) continue;
    const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, softirq = 0, stolen = 0] = columns.map(Number);
    ticks.all += user + nice + system + idle + wait + irq + softirq + stolen;
    ticks.worked += user + nice + system + irq + softirq;
    ticks.stolen += stolen;
  }
  // wrk is a child of ours that has been waited for by the time of the second reading.
  ticks.ours = processTicks(serverPid).own + processTicks(process.pid).children;
  return ticks;
}

/** Starts counting; the returned function says which share of the two cores others have had since then. */
export function watchDisturbance(serverPid: number): () => number {
  const before = read(serverPid);
  return () => {
    const after = read(serverPid);
    const others = after.worked - before.worked - (after.ours - before.ours);
    return (after.stolen - before.stolen + Math.max(0, others)) / Math.max(1, after.all - before.all);
  };
}
