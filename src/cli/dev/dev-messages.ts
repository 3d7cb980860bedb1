/** What a process that `slipway dev` has started tells it, beside what every worker tells its primary. */
import type { Offer } from './offer.ts';

export type DevReport =
  /** Files that the server file brought in, or wanted to; absolute paths. */
  | { readonly slipwayDev: 'loaded'; readonly paths: readonly string[] }
  /** What it is about to serve, where that can be told. */
  | { readonly slipwayDev: 'offer'; readonly offer: Offer | undefined }
  /** No request reaches it any more but those of calls that it is answering. */
  | { readonly slipwayDev: 'letGo' };

export function isDevReport(message: unknown): message is DevReport {
  return typeof message === 'object' && message !== null && 'slipwayDev' in message;
}

export function sendDevReport(report: DevReport): void {
  if (process.connected) process.send?.(report, undefined, undefined, () => {});
}
