/** What of the configuration is for the primary process of several workers. */
import { availableParallelism } from 'node:os';
import type { Configuration } from '../host/configuration/configuration.ts';
import type { PrimarySettings } from '../host/process/worker-messages.ts';
import type { Logger } from '../server/logger.ts';

export function primarySettings({ workers, host, port, adminHost, adminPort }: Configuration): PrimarySettings {
  return { workers: workers === 'auto' ? availableParallelism() : workers, host, port, adminHost, adminPort };
}

/** Says after a reload what of the changes waits for a restart; the number of workers does not, unless it is gone. */
export function warnOfRest(before: PrimarySettings, { workers, ...now }: PrimarySettings, logger: Logger): void {
  const changed = Object.entries(now).filter(([key, value]) => value !== before[key as keyof PrimarySettings]);
  if (workers === undefined) changed.push(['workers', workers]);
  if (changed.length === 0) return;
  const keys = changed.map(([key]) => key).join(', ');
  logger.warn({ changed: keys }, `changed, but takes a restart to have effect: ${keys}`);
}
