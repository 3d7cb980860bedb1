/**
 * What a service of ours may not do. `systemd-analyze security` rates a unit without any of it 9.6 (unsafe), with all of it
 * 1.3 or so. Not among them: MemoryDenyWriteExecute=, which ends every process with a JIT compiler, V8's included.
 */

export interface Hardening {
  readonly directive: string;
  readonly values: readonly string[];
  /** Why, for the comment above it; absent where the one before holds. */
  readonly why?: string;
}

export const HARDENING: readonly Hardening[] = [
  {
    directive: 'NoNewPrivileges',
    values: ['yes'],
    why: 'No privileges, and no way to any: set-user-ID programs do not work, capabilities are none.',
  },
  { directive: 'CapabilityBoundingSet', values: [''] },
  { directive: 'AmbientCapabilities', values: [''] },
  { directive: 'RestrictSUIDSGID', values: ['yes'] },
  { directive: 'PrivateUsers', values: ['yes'] },
  {
    directive: 'ProtectSystem',
    values: ['strict'],
    why: 'Nothing of the file system can be written but the folders above and a /tmp of its own; homes are not there.',
  },
  { directive: 'ProtectHome', values: ['yes'] },
  { directive: 'PrivateTmp', values: ['yes'] },
  { directive: 'UMask', values: ['0077'] },
  { directive: 'RemoveIPC', values: ['yes'] },
  { directive: 'PrivateIPC', values: ['yes'] },
  {
    directive: 'PrivateDevices',
    values: ['yes'],
    why: 'No devices but /dev/null and its like, and no other processes in /proc.',
  },
  { directive: 'DevicePolicy', values: ['closed'] },
  { directive: 'ProtectProc', values: ['invisible'] },
  { directive: 'ProcSubset', values: ['pid'] },
  {
    directive: 'ProtectClock',
    values: ['yes'],
    why: 'The kernel, its clock, its logs and its modules are for others.',
  },
  { directive: 'ProtectControlGroups', values: ['yes'] },
  { directive: 'ProtectHostname', values: ['yes'] },
  { directive: 'ProtectKernelLogs', values: ['yes'] },
  { directive: 'ProtectKernelModules', values: ['yes'] },
  { directive: 'ProtectKernelTunables', values: ['yes'] },
  { directive: 'KeyringMode', values: ['private'] },
  { directive: 'LockPersonality', values: ['yes'] },
  { directive: 'RestrictNamespaces', values: ['yes'] },
  { directive: 'RestrictRealtime', values: ['yes'] },
  {
    directive: 'RestrictAddressFamilies',
    values: ['AF_INET AF_INET6 AF_UNIX'],
    why: 'TCP, UDP and local sockets; AF_UNIX also carries what systemd is told. os.networkInterfaces() needs AF_NETLINK more.',
  },
  {
    directive: 'SystemCallArchitectures',
    values: ['native'],
    why: 'The system calls of an ordinary service; others fail with EPERM, which Node copes with.',
  },
  { directive: 'SystemCallFilter', values: ['@system-service', '~@privileged @resources'] },
  { directive: 'SystemCallErrorNumber', values: ['EPERM'] },
];
