/** What a process uses, under the names that Node's dashboards know. */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { constants, PerformanceObserver } from 'node:perf_hooks';
import { DurationHistogram, histogram } from './duration-histogram.ts';
import type { EventLoopDelay } from './event-loop-delay.ts';
import { counter, gauge, INSTANCE, type MetricFamily } from './metric-family.ts';

const GC_BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];
const GC_KINDS: Readonly<Record<number, string>> = {
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'major',
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'minor',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'incremental',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weakcb',
};

/** Process ids are used again. */
const INSTANCE_ID = `${process.pid}-${randomBytes(4).toString('hex')}`;
const START_TIME_SECONDS = Math.round(Date.now() / 1000 - process.uptime());

export interface ProcessMetrics {
  families(): MetricFamily[];
  stop(): void;
}

export function processMetrics(delay: EventLoopDelay): ProcessMetrics {
  const collections = new Map<string, DurationHistogram>();
  const observer = new PerformanceObserver(list => {
    for (const entry of list.getEntries()) {
      const { detail } = entry as { detail?: { kind?: number } };
      const kind = GC_KINDS[detail?.kind ?? -1] ?? 'other';
      let durations = collections.get(kind);
      if (durations === undefined) collections.set(kind, (durations = new DurationHistogram(GC_BOUNDS)));
      durations.observe(entry.duration / 1000);
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  return {
    families: () => [
      gauge(INSTANCE, 'The process.', [{ labels: { id: INSTANCE_ID }, value: 1 }], 'omit'),
      ...resources(),
      ...eventLoop(delay),
      histogram(
        'nodejs_gc_duration_seconds',
        'Garbage collections by kind.',
        [...collections].map(([kind, durations]) => [{ kind }, durations]),
      ),
    ],
    stop: () => observer.disconnect(),
  };
}

function resources(): MetricFamily[] {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
  return [
    counter('process_cpu_seconds_total', 'CPU time used, in user and system mode.', (user + system) / 1e6),
    gauge('process_start_time_seconds', 'When the process started, in Unix time.', START_TIME_SECONDS, 'min'),
    gauge('process_resident_memory_bytes', 'Resident memory.', rss),
    gauge('nodejs_heap_size_used_bytes', "What is used of V8's heap.", heapUsed),
    gauge('nodejs_heap_size_total_bytes', "The size of V8's heap.", heapTotal),
    gauge('nodejs_external_memory_bytes', "Memory outside of V8's heap that its objects hold.", external),
    ...descriptors(),
  ];
}

/** Of several processes the one that is nearest to its limit would be hidden by a sum. */
function descriptors(): MetricFamily[] {
  try {
    // The folder itself is open while it is read.
    const open = readdirSync('/proc/self/fd').length - 1;
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return [
      gauge('process_open_fds', 'Open file descriptors; of several processes, the most of one.', open, 'max'),
      ...(limit === undefined ? [] : [gauge('process_max_fds', 'The limit of open file descriptors.', +limit, 'min')]),
    ];
  } catch {
    return []; // Only Linux says.
  }
}

function eventLoop(delay: EventLoopDelay): MetricFamily[] {
  const { p50, p99, max } = delay.summary();
  delay.reset();
  const about = 'since the last scrape; of several processes, the worst.';
  return [
    gauge('nodejs_eventloop_lag_p50_seconds', `Median of the event loop's delay ${about}`, p50 / 1000, 'max'),
    gauge('nodejs_eventloop_lag_p99_seconds', `99th percentile of the event loop's delay ${about}`, p99 / 1000, 'max'),
    gauge('nodejs_eventloop_lag_max_seconds', `Longest delay of the event loop ${about}`, max / 1000, 'max'),
  ];
}
