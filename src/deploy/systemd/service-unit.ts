/** The service unit: one server that systemd starts, watches and keeps in bounds. */
import { DEFAULT_LIMITS } from '../../transport/http/limits.ts';
import { type Deployment, publicUrlOf } from '../deployment.ts';
import { HARDENING } from './hardening.ts';

/** The file of the secrets below /etc/credstore. */
export function credentialName({ name }: Deployment): string {
  return `${name}.slipway-secrets`;
}

function commandLine({ node, directory, serverFile }: Deployment): string {
  const program = `${directory}/node_modules/slipway/bin/slipway.js`;
  return [node, program, 'start', ...(serverFile === undefined ? [] : [serverFile])].join(' ');
}

function identity({ user }: Deployment): string {
  if (user === undefined) {
    return `# A user that exists while the service runs, and owns nothing else.
DynamicUser=yes`;
  }
  return `# A user of its own: sudo useradd --system --no-create-home --shell /usr/sbin/nologin ${user}
User=${user}
Group=${user}`;
}

function environment(deployment: Deployment): string {
  const { domain, name, maxBodyBytes } = deployment;
  const limit =
    maxBodyBytes === DEFAULT_LIMITS.maxBodyBytes ? '' : `Environment=SLIPWAY_MAX_BODY_BYTES=${maxBodyBytes}\n`;
  return `# Where clients reach it. Requests for other names are refused, and what a proxy says of a client is believed from this
# machine only (for a proxy on another one: private, or its address).
Environment=SLIPWAY_PUBLIC_URL=${publicUrlOf(deployment)}
Environment=SLIPWAY_ALLOWED_HOSTS=${domain}
Environment=SLIPWAY_TRUSTED_PROXIES=loopback
Environment=SLIPWAY_STATE_DIR=/var/lib/${name}
Environment=SLIPWAY_QUIET=true
Environment=NODE_ENV=production
${limit}# Everything else: NAME=value on each line, SLIPWAY_... or the server's own. What stands there wins.
EnvironmentFile=-/etc/${name}.env`;
}

function folders({ name, user }: Deployment): string {
  const note =
    user === undefined
      ? '\n# They are links into /var/lib/private and so on, where the user changes with each start.'
      : '';
  return `# Folders that it may write: /var/lib/${name} for sessions, /var/log/${name} for an audit trail, /run/${name}.${note}
StateDirectory=${name}
StateDirectoryMode=0700
LogsDirectory=${name}
LogsDirectoryMode=0700
RuntimeDirectory=${name}
RuntimeDirectoryMode=0700`;
}

function hardening(): string {
  return HARDENING.flatMap(({ directive, values, why }) => [
    ...(why === undefined ? [] : [`# ${why}`]),
    ...values.map(value => `${directive}=${value}`),
  ]).join('\n');
}

/** The file, without the commands at its end. */
export function serviceUnit(deployment: Deployment): string {
  const { domain, name, directory } = deployment;
  return `# The MCP server ${domain} as a service of systemd 247 and later. Written by slipway deploy systemd.
#
# It belongs into /etc/systemd/system/${name}.service, with ${name}.socket beside it. The server is in ${directory}
# with its node_modules, and every user may read it. Change this unit with: sudo systemctl edit ${name}

[Unit]
Description=MCP server ${domain}
# What its tools call may be on the network.
Wants=network-online.target
After=network-online.target
# systemd holds the port. While the server restarts, requests wait there instead of being refused.
Requires=${name}.socket
After=${name}.socket
# However often it fails: the next start may be the one that works.
StartLimitIntervalSec=0

[Service]
# The server says when it is ready, that it is alive, and that it stops. It does so by the program systemd-notify, which is
# another process: hence all.
Type=notify
NotifyAccess=all
# Node itself, without npx, npm or a shell: they would take the port and the signals.
WorkingDirectory=${directory}
ExecStart=${commandLine(deployment)}
TimeoutStartSec=60
# With SLIPWAY_WORKERS, a reload replaces the workers one after the other; a single process only says that it can not.
ExecReload=/bin/kill -HUP $MAINPID

# Back at once when it has ended, for whatever reason, and when its event loop has not turned for half a minute.
Restart=always
RestartSec=1
WatchdogSec=30
# To stop: SIGTERM to the main process only, which still answers for a while (SLIPWAY_LAME_DUCK_MS), lets calls finish
# (SLIPWAY_DRAIN_GRACE_MS) and tells systemd when that takes longer than this.
KillMode=mixed
TimeoutStopSec=60

${environment(deployment)}

# The secrets that keep sessions valid on every machine that has the same: /etc/credstore/${credentialName(deployment)},
# for root only. Without that file the server makes its own, in the folder of its state.
LoadCredential=slipway-secrets:${credentialName(deployment)}

${identity(deployment)}
${folders(deployment)}

# What it may use. Node takes its heap's size from MemoryMax.
MemoryMax=1G
TasksMax=512
# Each stream and each call has a connection. Node can not raise this itself under the filter below.
LimitNOFILE=65536

${hardening()}

[Install]
WantedBy=multi-user.target
`;
}
