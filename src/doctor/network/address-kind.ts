/** What an IP address is to the rest of the world. */
import { BlockList, isIP } from 'node:net';

/** Networks that are not reached from the public internet, by the name that people know them by. */
const NETWORKS: readonly (readonly [kind: string, networks: readonly string[]])[] = [
  ['loopback', ['127.0.0.0/8', '::1/128']],
  ['private', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']],
  ['carrier-grade NAT', ['100.64.0.0/10']],
  ['link-local', ['169.254.0.0/16', 'fe80::/10']],
  ['unspecified', ['0.0.0.0/8', '::/128']],
  ['multicast', ['224.0.0.0/4', 'ff00::/8']],
  [
    'reserved',
    [
      '192.0.0.0/24',
      '192.0.2.0/24',
      '192.88.99.0/24',
      '198.18.0.0/15',
      '198.51.100.0/24',
      '203.0.113.0/24',
      '240.0.0.0/4',
      '100::/64',
      '2001:db8::/32',
      'fec0::/10',
    ],
  ],
];

const LISTS = NETWORKS.map(([kind, networks]) => {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    list.addSubnet(address, Number(prefix), address.includes(':') ? 'ipv6' : 'ipv4');
  }
  return [kind, list] as const;
});

/** IPv6 networks that carry an IPv4 address, and where in its eight groups that begins: NAT64, 6to4, mapped, compatible. */
function embeddedIpv4(address: string): string | undefined {
  const groups = groupsOf(address);
  if (groups === undefined) return undefined;
  const ipv4 = (high: number, low: number) => [high >> 8, high & 255, low >> 8, low & 255].join('.');
  const [first, second] = groups as [number, number];
  const zero = (from: number, to: number) => groups.slice(from, to).every(group => group === 0);
  if (first === 0x64 && second === 0xff9b) return ipv4(groups[6]!, groups[7]!);
  if (first === 0x2002) return ipv4(second, groups[2]!);
  // Teredo hides the client's address by inverting it.
  if (first === 0x2001 && second === 0) return ipv4(groups[6]! ^ 0xffff, groups[7]! ^ 0xffff);
  if (zero(0, 5) && groups[5] === 0xffff) return ipv4(groups[6]!, groups[7]!);
  if (zero(0, 6) && (groups[6] !== 0 || groups[7]! > 1)) return ipv4(groups[6]!, groups[7]!);
  return undefined;
}

function groupsOf(address: string): number[] | undefined {
  const canonical = URL.parse(`http://[${address.replace(/%.*/, '')}]/`)?.hostname.slice(1, -1);
  if (canonical === undefined) return undefined;
  const [head = '', tail] = canonical.split('::');
  const numbers = (text: string) => (text === '' ? [] : text.split(':').map(group => Number.parseInt(group, 16)));
  const before = numbers(head);
  const after = tail === undefined ? [] : numbers(tail);
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
}

/**
 * @param address an IPv4 or IPv6 address
 * @returns `public`, or why it is not: `loopback`, `private`, `carrier-grade NAT`, `link-local`, ...
 */
export function addressKind(address: string): string {
  const version = isIP(address);
  if (version === 0) return 'no address';
  const bare = address.replace(/%.*/, '');
  for (const [kind, list] of LISTS) if (list.check(bare, version === 6 ? 'ipv6' : 'ipv4')) return kind;
  const embedded = version === 6 ? embeddedIpv4(bare) : undefined;
  return embedded === undefined ? 'public' : addressKind(embedded);
}

export function isPublic(address: string): boolean {
  return addressKind(address) === 'public';
}
