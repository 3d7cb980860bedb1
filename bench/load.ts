/** Drives one server with wrk for some seconds: one thread, 32 connections unless told, pinned to the load core. */
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import type { Variables } from './call.ts';
import { watchDisturbance } from './disturbance.ts';
import { LOAD_CORE, pinned, type RunningServer } from './server-process.ts';

/** What one run says: requests per second, latencies in milliseconds, and the share of our cores that others took. */
export type Load = { rate: number; p50: number; p99: number; disturbed: number };

/** A server, and what its script has to know of it. */
export type Loaded = { server: RunningServer; variables: Variables };

export type LoadPlan = { script: string; seconds: number; connections?: number };

const run = promisify(execFile);

const MILLISECONDS: Record<string, number> = { us: 0.001, ms: 1, s: 1000, m: 60_000 };

function latency(output: string, percentile: number): number {
  const match = new RegExp(`\\s${percentile}%\\s+([\\d.]+)(us|ms|s|m)\\b`).exec(output);
  if (match === null) throw new Error(`wrk printed no ${percentile}th percentile:\n${output}`);
  return Number(match[1]) * MILLISECONDS[match[2]!]!;
}

/** Throws unless every request of the run was answered with a 2xx. */
export async function load({ server, variables }: Loaded, plan: LoadPlan): Promise<Load> {
  const { script, seconds, connections = 32 } = plan;
  const disturbance = watchDisturbance(server.process.pid!);
  const wrk = ['wrk', '-t1', `-c${connections}`, `-d${seconds}`, '--latency', '-s', script, server.url];
  const { stdout } = await run(...pinned(LOAD_CORE, wrk), { env: { ...process.env, ...variables } });
  const disturbed = disturbance();
  const failures = /Non-2xx or 3xx responses: \d+|Socket errors: .*/.exec(stdout);
  if (failures !== null) throw new Error(`${server.name} did not answer every request: ${failures[0]}`);
  const rate = /Requests\/sec:\s+([\d.]+)/.exec(stdout);
  if (rate === null || Number(rate[1]) === 0) throw new Error(`${server.name} answered no request:\n${stdout}`);
  return { rate: Number(rate[1]), p50: latency(stdout, 50), p99: latency(stdout, 99), disturbed };
}

/** The programs the bench needs beside Node; returns what to install, or nothing. */
export function missingPrograms(): string[] {
  const faults: string[] = [];
  if (process.platform !== 'linux') faults.push('the benchmarks pin processes to cores and run on Linux only');
  const has = (command: string) => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
  if (!has('wrk')) faults.push('wrk is missing: install it (Debian and Ubuntu: apt-get install wrk) and run again');
  if (!has('taskset')) faults.push('taskset is missing: install it (Debian and Ubuntu: apt-get install util-linux)');
  return faults;
}
