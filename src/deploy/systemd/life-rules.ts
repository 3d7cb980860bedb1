/** Rules on how a service starts, is watched, ends and comes back. */
import { posix } from 'node:path';
import type { Rule } from '../finding.ts';
import { commandOf, MISSING, NONE, placeOf, unless } from './service-rule.ts';
import { secondsOf, type Unit, wordsOf } from './unit.ts';

/** `/bin/kill -HUP $MAINPID`, in any way of writing the signal. */
const SENDS_HUP = /\bkill\s+(?:-s\s*|--signal[\s=]|-)(?:SIG)?(?:HUP|1)\b/;

const COMMAND = 'ExecStart=/usr/bin/node /srv/mcp-server/node_modules/slipway/bin/slipway.js start';

export const LIFE_RULES: readonly Rule<Unit>[] = [
  {
    id: 'service-type',
    severity: 'fault',
    what: 'Type= is not notify: systemd takes the service for ready as soon as the process exists',
    why: 'What is ordered after it starts before anybody answers, a start that fails counts as a success, and a watchdog has nobody to listen to.',
    fix: 'Type=notify',
    find: unit => unless(unit, 'Service', 'Type', value => value === 'notify' || value === 'notify-reload'),
  },
  {
    id: 'service-notify-access',
    severity: 'fault',
    what: 'NotifyAccess= is not all: what the server tells systemd is thrown away',
    why: 'The server tells it by the program systemd-notify, which is another process. Without it the start times out, and the watchdog ends the service.',
    fix: 'NotifyAccess=all',
    find: unit => unless(unit, 'Service', 'NotifyAccess', value => value === 'all'),
  },
  {
    id: 'service-watchdog',
    severity: 'fault',
    what: 'There is no watchdog',
    why: 'A server whose event loop hangs answers nobody and does not end, so Restart= never gets to work.',
    fix: 'WatchdogSec=30',
    find: unit => unless(unit, 'Service', 'WatchdogSec', value => (secondsOf(value) ?? 0) > 0),
  },
  {
    id: 'service-restart',
    severity: 'fault',
    what: 'Restart= is not always',
    why: 'A server that ends for another reason than expected stays away until somebody notices.',
    fix: 'Restart=always',
    find: unit => unless(unit, 'Service', 'Restart', value => value === 'always'),
  },
  {
    id: 'service-restart-delay',
    severity: 'advice',
    what: 'Nobody answers for {detail} after the server has ended',
    why: 'Clients give up an initialize after 10 s. One second is enough to keep a failing start from using up the machine.',
    fix: 'RestartSec=1, with StartLimitIntervalSec=0 in [Unit] so that it goes on however often it fails',
    find: unit => {
      const entry = unit.last('Service', 'RestartSec');
      const long = entry !== undefined && (secondsOf(entry.value) ?? 0) > 5;
      return long ? [placeOf(entry, /\d$/.test(entry.value) ? `${entry.value} s` : entry.value)] : NONE;
    },
  },
  {
    id: 'service-reload',
    severity: 'advice',
    what: 'ExecReload= sends no SIGHUP: systemctl reload does not work',
    why: 'With workers, SIGHUP replaces one after the other, so that new code is served without a gap; without this line only a restart is left.',
    fix: 'ExecReload=/bin/kill -HUP $MAINPID',
    // Of that type, systemd sends the signal by itself.
    find: unit =>
      unit.last('Service', 'Type')?.value === 'notify-reload'
        ? NONE
        : unless(unit, 'Service', 'ExecReload', value => SENDS_HUP.test(value)),
  },
  {
    id: 'service-stop-time',
    severity: 'fault',
    what: 'TimeoutStopSec={detail} is shorter than a drain takes (5 s of lame duck, 30 s for calls, and what follows)',
    why: 'systemd ends what has not ended by then, with the calls that are in flight.',
    fix: 'TimeoutStopSec=60',
    find: unit => {
      const entry = unit.last('Service', 'TimeoutStopSec');
      const seconds = entry === undefined ? 90 : (secondsOf(entry.value) ?? 90);
      return entry !== undefined && seconds > 0 && seconds < 45 ? [placeOf(entry, entry.value)] : NONE;
    },
  },
  {
    id: 'service-kill-mode',
    severity: 'fault',
    what: 'KillMode= is not mixed: SIGTERM goes to every process of the service at once',
    why: 'The workers, and what tools have started, end before the server has let the calls finish.',
    fix: 'KillMode=mixed',
    find: unit => unless(unit, 'Service', 'KillMode', value => value === 'mixed'),
  },
  {
    id: 'service-start',
    severity: 'fault',
    what: 'There {detail} ExecStart=',
    why: 'systemd refuses a service without one, and one of Type=notify that has several.',
    fix: COMMAND,
    find: unit => {
      const [first, second] = unit.all('Service', 'ExecStart');
      if (first === undefined) return [{ detail: 'is no' }];
      return second === undefined ? NONE : [placeOf(second, 'is more than one')];
    },
  },
  {
    id: 'service-command',
    severity: 'fault',
    what: "ExecStart= goes through '{detail}'",
    why: 'The port of a socket unit and the signals are for the process that systemd starts; a package runner or a shell in between keeps them.',
    fix: COMMAND,
    find: unit => {
      const command = commandOf(unit);
      const program = posix.basename(command?.words[0] ?? '');
      const between = ['npx', 'npm', 'pnpm', 'yarn', 'bunx', 'sh', 'bash', 'dash', 'env'];
      return command !== undefined && between.includes(program) ? [placeOf(command.entry, program)] : NONE;
    },
  },
  {
    id: 'service-socket',
    severity: 'advice',
    what: 'No socket unit holds the port',
    why: 'While the server restarts, connections are refused, and the proxy answers 502. On the socket of a unit they wait.',
    fix: 'Requires=mcp-server.socket and After=mcp-server.socket, and that unit with ListenStream=127.0.0.1:8087',
    find: unit => {
      const named = [...unit.all('Unit', 'Requires'), ...unit.all('Unit', 'Wants'), ...unit.all('Service', 'Sockets')];
      return named.some(({ value }) => /\.socket(\s|$)/.test(value)) ? NONE : MISSING;
    },
  },
  {
    id: 'service-network-online',
    severity: 'advice',
    what: 'The service does not wait for the network: network.target only orders the shutdown',
    why: 'At boot, what the tools call may not be reachable yet, and a start hook fails.',
    fix: 'Wants=network-online.target and After=network-online.target',
    find: unit => {
      const waits = (key: string) =>
        unit.all('Unit', key).some(({ value }) => wordsOf(value).includes('network-online.target'));
      if (waits('After') && (waits('Wants') || waits('Requires'))) return NONE;
      const after = unit.last('Unit', 'After');
      return after === undefined ? MISSING : [placeOf(after)];
    },
  },
  {
    id: 'service-boot',
    severity: 'advice',
    what: 'Nothing starts the service at boot',
    why: 'Without [Install], systemctl enable does nothing.',
    fix: '[Install] with WantedBy=multi-user.target',
    find: unit => (unit.all('Install', 'WantedBy').length > 0 ? NONE : MISSING),
  },
];
