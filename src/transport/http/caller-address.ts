/** Addresses of callers in one spelling, so that one caller has one name. */
import { isIP } from 'node:net';

const MAPPED = /^::ffff:(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})$/i;
const GROUPS = 8;

/** The 16-bit groups of an IPv6 address that node:net takes for one. */
function groupsOf(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const left = halfOf(head);
  const right = tail === undefined ? [] : halfOf(tail);
  const gap = new Array<number>(Math.max(0, GROUPS - left.length - right.length)).fill(0);
  return [...left, ...gap, ...right];
}

function halfOf(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap(group => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}

/** IPv4 where an IPv6 address only wraps it (RFC 4291, 2.5.5.2). */
function mappedIn(groups: readonly number[]): string | undefined {
  if (groups[5] !== 0xffff || groups.slice(0, 5).some(group => group !== 0)) return undefined;
  const [high = 0, low = 0] = groups.slice(6);
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}

/**
 * A socket's address as it is told to handlers and logs: IPv4 that came as IPv6 (`::ffff:192.0.2.1`) is IPv4.
 *
 * @param address as node:net gives it
 */
export function plainAddress(address: string | undefined): string | undefined {
  if (address === undefined || !address.includes(':')) return address;
  return MAPPED.exec(address)?.[1] ?? address;
}

/**
 * An address that somebody wrote, in the same spelling; without its zone.
 *
 * @returns undefined when it is no IP address
 */
export function writtenAddress(text: string): string | undefined {
  const zone = text.indexOf('%');
  const address = zone === -1 ? text : text.slice(0, zone);
  const version = isIP(address);
  if (version === 4) return address;
  if (version === 0) return undefined;
  return mappedIn(groupsOf(address)) ?? address.toLowerCase();
}

/**
 * What an address is counted by: IPv4 as it is, IPv6 by its /64, which is the least that one customer has.
 *
 * @param address as {@link plainAddress} or {@link writtenAddress} gives it
 */
export function addressKey(address: string): string {
  if (!address.includes(':')) return address;
  const zone = address.indexOf('%');
  const groups = groupsOf(zone === -1 ? address : address.slice(0, zone));
  const [a = 0, b = 0, c = 0, d = 0] = groups;
  return `${a.toString(16)}:${b.toString(16)}:${c.toString(16)}:${d.toString(16)}::/64`;
}
