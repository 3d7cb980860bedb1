/** Where Claude's hosted runtime connects from (documented): IPv4 only. */
import { BlockList, isIPv4 } from 'node:net';

export const CLAUDE_NETWORK = '160.79.104.0/21';

const LIST = new BlockList();
LIST.addSubnet('160.79.104.0', 21, 'ipv4');

/** @param address also as IPv6 carries it: `::ffff:160.79.104.10` */
export function isClaudeAddress(address: string): boolean {
  const bare = address.replace(/^::ffff:/i, '');
  return isIPv4(bare) && LIST.check(bare);
}
