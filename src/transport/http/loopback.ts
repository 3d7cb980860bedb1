/** The addresses and names of the machine itself. */

const LOOPBACK_V4 = /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/i;

/** Whether a connection was accepted on an address of the machine itself: 127.0.0.0/8, also mapped to IPv6, or ::1. */
export function isLoopbackAddress(address: string | undefined): boolean {
  if (address === undefined) return false;
  return address === '127.0.0.1' || address === '::1' || LOOPBACK_V4.test(address);
}

/** Whether a host name (lower case, IPv6 in brackets, without a port) always means the machine itself. */
export function isLoopbackName(name: string): boolean {
  return name === 'localhost' || name === '127.0.0.1' || name === '[::1]';
}
