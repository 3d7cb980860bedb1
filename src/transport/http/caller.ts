/** Who a request is counted for. */
import { hash } from 'node:crypto';
import { principalOf } from '../../server/peer.ts';
import { addressKey } from './caller-address.ts';
import type { HttpRequest } from './http-request.ts';

export interface Caller {
  /** `principal`: whose access token it is; `address`: without one, where it comes from. */
  readonly scope: 'principal' | 'address';
  /** One name for one caller within its scope; at most 200 characters. */
  readonly key: string;
}

const MAX_KEY = 200;

function bounded(key: string): string {
  return key.length <= MAX_KEY ? key : hash('sha256', key, 'base64url');
}

/**
 * Who a request is counted for; worked out once per request.
 *
 * @returns undefined for an anonymous one whose address is not known, as on a fetch host
 */
export function callerOf(request: HttpRequest): Caller | undefined {
  return (request.caller ??= find(request));
}

function find(request: HttpRequest): Caller | undefined {
  const principal = principalOf(request.authInfo);
  if (principal !== undefined) return { scope: 'principal', key: bounded(principal) };
  const { remoteAddress } = request;
  return remoteAddress === undefined ? undefined : { scope: 'address', key: addressKey(remoteAddress) };
}
