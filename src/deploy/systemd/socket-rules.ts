/** What `slipway deploy --check` looks for in a socket unit. */
import type { Rule } from '../finding.ts';
import { placeOf } from './service-rule.ts';
import type { Unit } from './unit.ts';

/** A port alone, and the addresses that mean every interface. */
const EVERYWHERE = /^(\d+|0\.0\.0\.0:\d+|\[::\]:\d+|\*:\d+)$/;

export const SOCKET_RULES: readonly Rule<Unit>[] = [
  {
    id: 'socket-stream',
    severity: 'fault',
    what: 'There is no ListenStream=',
    why: 'HTTP comes over stream sockets; no other kind is of use to the server.',
    fix: 'ListenStream=127.0.0.1:8087',
    find: unit => (unit.all('Socket', 'ListenStream').length > 0 ? [] : [{}]),
  },
  {
    id: 'socket-address',
    severity: 'fault',
    what: 'The port is open on every address of the machine (ListenStream={detail})',
    why: 'The server is reached around the proxy, without TLS and without its limits.',
    fix: 'ListenStream=127.0.0.1:8087',
    find: unit =>
      unit
        .all('Socket', 'ListenStream')
        .filter(({ value }) => EVERYWHERE.test(value))
        .map(entry => placeOf(entry, entry.value)),
  },
  {
    id: 'socket-accept',
    severity: 'fault',
    what: 'Accept= is on: systemd starts a service for each connection',
    why: 'The server takes all connections of the port itself.',
    fix: 'Accept=no',
    find: unit => (unit.isTrue('Socket', 'Accept') ? [placeOf(unit.last('Socket', 'Accept')!)] : []),
  },
  {
    id: 'socket-name',
    severity: 'fault',
    what: "The only socket is named 'admin'",
    why: 'The server takes a socket of that name for its admin listener, and finds none for its clients.',
    fix: 'FileDescriptorName=http',
    find: unit => {
      const name = unit.last('Socket', 'FileDescriptorName');
      return name?.value === 'admin' ? [placeOf(name)] : [];
    },
  },
  {
    id: 'socket-boot',
    severity: 'advice',
    what: 'Nothing opens the port at boot',
    why: 'Without [Install], systemctl enable does nothing.',
    fix: '[Install] with WantedBy=sockets.target',
    find: unit => (unit.all('Install', 'WantedBy').length > 0 ? [] : [{}]),
  },
];
