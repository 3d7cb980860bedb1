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
  /** One name for one caller: its scope and key. */
  readonly id: string;
  /** What a caller that comes again is counted by for each tool, once it has called it. */
  readonly toolKeys?: Map<string, string>;
}

const MAX_KEY = 200;

/** Addresses come again and again, and to work out the name of one takes longer than a limit. */
const remembered = new Map<string, Caller>();
const MAX_REMEMBERED = 1_024;

function callerBy(scope: Caller['scope'], key: string): Caller {
  return { scope, key, id: `${scope} ${key}` };
}

function callerAt(address: string): Caller {
  const known = remembered.get(address);
  if (known !== undefined) return known;
  const caller = { ...callerBy('address', addressKey(address)), toolKeys: new Map<string, string>() };
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(address, caller);
  return caller;
}

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
  if (principal !== undefined) return callerBy('principal', bounded(principal));
  const { remoteAddress } = request;
  return remoteAddress === undefined ? undefined : callerAt(remoteAddress);
}
