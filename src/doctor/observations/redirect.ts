/** Where an answer leads to instead. */
import type { Exchange } from '../exchange/exchange.ts';

export interface Redirect {
  readonly status: number;
  readonly from: URL;
  readonly to: URL;
  /** Whether clients repeat a POST as a GET without its body: they do for all but 307 and 308. */
  readonly losesPost: boolean;
}

/** Undefined where the answer is no redirect, or leads to no place on the web. */
export function redirectOf({ request, response }: Exchange): Redirect | undefined {
  const { status = 0, headers } = response ?? {};
  if (![301, 302, 303, 307, 308].includes(status)) return undefined;
  const location = headers?.get('location');
  const from = new URL(request.url);
  const to = location === undefined ? null : URL.parse(location, from);
  if (to === null || !/^https?:$/.test(to.protocol)) return undefined;
  return { status, from, to, losesPost: status < 307 };
}

/** To the same path with a slash at its end, on the same host or on what the inside calls it. */
export function addsSlash({ from, to }: Redirect): boolean {
  if (to.pathname !== `${from.pathname}/`) return false;
  return to.hostname === from.hostname || isInternalHost(to.hostname);
}

/** From http to https, with the host as it was. */
export function isUpgrade({ from, to }: Redirect): boolean {
  return from.protocol === 'http:' && to.protocol === 'https:' && from.hostname === to.hostname;
}

/** The two are one server for the rules of credentials. */
export function keepsOrigin({ from, to }: Redirect): boolean {
  return from.origin === to.origin;
}

/** A name or an address that only the server's own network knows. */
export function isInternalHost(hostname: string): boolean {
  return (
    /^(10|127|192\.168|172\.(1[6-9]|2\d|3[01])|169\.254)\.[\d.]+$/.test(hostname) ||
    /\.(local|internal|svc|lan|cluster\.local)$/i.test(hostname) ||
    /^[^.:[\]]+$/.test(hostname)
  );
}
