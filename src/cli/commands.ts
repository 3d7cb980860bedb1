import { SlipwayError } from '../protocol/coded-error.ts';
import type { Command, Flag } from './command.ts';
import { COMMON_FLAGS, OTHER_FLAGS } from './config-flags.ts';
import { deploy } from './deploy-command.ts';
import { DOCTOR_FLAGS } from './doctor/doctor-flags.ts';
import { REACH_FLAGS } from './reach/reach-flags.ts';

/** Claude Desktop starts the server in a folder of its own choice, so every path is absolute. */
const CLAUDE_DESKTOP = `Claude Desktop, in claude_desktop_config.json (Settings > Developer > Edit Config):
  {
    "mcpServers": {
      "weather": {
        "command": "npx",
        "args": ["--prefix", "/path/to/project", "slipway", "start", "--stdio", "/path/to/project/weather.ts"]
      }
    }
  }
`;

const SERVER_FILE = {
  name: 'server-file',
  summary: 'TypeScript or JavaScript file (default: server.ts, server.mts, server.js, server.mjs, also in src/)',
};

const STDIO: Flag = {
  name: 'stdio',
  summary: 'serve the client that started this process, over standard input and output',
};

const start: Command = {
  name: 'start',
  summary: 'Serve the MCP server that a file exports as its default',
  argument: SERVER_FILE,
  flags: [...COMMON_FLAGS, STDIO],
  moreFlags: OTHER_FLAGS,
  examples: [
    { line: 'slipway start', does: 'serve ./server.ts on http://127.0.0.1:8087' },
    { line: 'slipway start weather.ts --port 3000', does: 'another file, another port' },
    { line: 'slipway start --host 0.0.0.0', does: 'reachable from other machines' },
    { line: 'slipway start --state-dir /var/lib/mcp', does: 'several processes may share it' },
    { line: 'slipway start --stdio weather.ts', does: 'no port: Claude Desktop and others start it themselves' },
  ],
  note: `Every other key of the configuration is a flag too: see slipway config --help.

${CLAUDE_DESKTOP}`,
  run: async (file, { stdio, ...values }) =>
    isOn('stdio', stdio)
      ? (await import('./start-stdio.ts')).startStdio(file, values)
      : (await import('./start.ts')).start(file, values),
};

const config: Command = {
  name: 'config',
  summary: 'Print the configuration in effect, and where each value comes from',
  argument: SERVER_FILE,
  flags: [{ name: 'json', summary: 'as JSON, for programs' }, ...COMMON_FLAGS, ...OTHER_FLAGS],
  moreFlags: [STDIO],
  examples: [
    { line: 'slipway config', does: 'what slipway start would use here' },
    { line: 'slipway config weather.ts --port 3000', does: 'what such a line means' },
    { line: 'slipway config --json', does: 'for programs' },
  ],
  note: `Each key is a flag (--drain-grace-ms 1000), a variable (SLIPWAY_DRAIN_GRACE_MS=1000) and a key of the file
(drainGraceMs: 1000). Flags come before the environment, that before the file, that before the defaults. Switches are
--quiet, --quiet=false or --no-quiet; lists are separated by commas; none and off undo a key that may be without a
value. Secrets are no flags, because every user of a machine sees command lines: SLIPWAY_SECRETS,
SLIPWAY_SECRETS_FILE, or the systemd credential slipway-secrets.
`,
  run: async (file, { json, ...values }) =>
    (await import('./config.ts')).printConfiguration(file, values, isOn('json', json)),
};

const init: Command = {
  name: 'init',
  summary: 'Write a new server: TypeScript, one tool, one test',
  argument: { name: 'dir', summary: 'folder of the new server (default: the current one)' },
  flags: [
    { name: 'name', value: 'name', summary: 'of the package and the server (default: that of the folder)' },
    { name: 'yes', summary: 'ask nothing: take the defaults for what is not given' },
    { name: 'install', summary: 'run npm install (default); --no-install: leave it to you' },
    { name: 'force', summary: 'write into a folder that is not empty; files of the same names are overwritten' },
    {
      name: 'slipway',
      value: 'spec',
      summary: 'version, URL or tarball of slipway to depend on (default: this release)',
    },
  ],
  examples: [
    { line: 'slipway init weather', does: 'asks what it needs to know, then writes ./weather' },
    { line: 'slipway init weather --yes', does: 'asks nothing' },
    { line: 'slipway init --name @me/weather --no-install', does: 'into this folder, without npm install' },
    { line: 'slipway init weather --slipway ./slipway-0.1.0.tgz', does: 'with a release that is on no registry' },
  ],
  run: async (folder, values) => (await import('./init.ts')).init(folder, values),
};

const doctor: Command = {
  name: 'doctor',
  summary: 'Say why Claude or another client can not connect to an MCP server, and how to fix it',
  argument: {
    name: 'url',
    summary: 'of the MCP server, as you would enter it into the client; or a server file, whose tools are read',
  },
  flags: DOCTOR_FLAGS,
  examples: [
    { line: 'slipway doctor https://mcp.example.com/mcp', does: 'everything that can be seen without leaving a trace' },
    { line: 'slipway doctor https://mcp.example.com/mcp --bearer @token', does: 'behind the sign-in as well' },
    { line: 'slipway doctor https://mcp.example.com/mcp --profile all', does: 'for every client, not only Claude' },
    { line: 'slipway doctor http://localhost:8087/mcp --allow-private', does: 'a server on this machine' },
    { line: 'slipway doctor server.ts', does: 'what its tools will do, before it is served' },
    { line: 'slipway doctor --log /var/log/nginx/access.log', does: 'whether Claude ever arrived' },
    { line: 'slipway doctor --explain 12', does: 'all about one row of the catalogue' },
  ],
  note: `Exit code 0: nothing keeps the chosen clients out. 1: something does. 2: it could not be examined.
`,
  failureCode: 2,
  run: async (target, values, rest) => (await import('./doctor/doctor.ts')).doctor(target, values, rest),
};

const dev: Command = {
  name: 'dev',
  summary: 'Serve a server file while you write it: each save loads it again',
  argument: SERVER_FILE,
  flags: [
    {
      name: 'watch',
      value: 'path',
      repeated: true,
      summary: 'file or folder that counts too; what the server imports counts anyway',
    },
    ...COMMON_FLAGS,
  ],
  moreFlags: OTHER_FLAGS,
  examples: [
    { line: 'slipway dev', does: 'serve ./server.ts, and again whenever a file of it is saved' },
    { line: 'slipway dev weather.ts --port 3000', does: 'another file, another port' },
    { line: 'slipway dev --watch templates', does: 'files that the server reads, rather than imports' },
  ],
  note: `The port and the sessions stay. What does not load is shown, and the last good version serves on. Variables in
./.env are set, unless the environment has them. Workers and the admin port are for slipway start.
`,
  run: async (file, values, rest) => (await import('./dev.ts')).dev(file, values, rest),
};

/** A switch of the command's own, which is no key of the configuration. */
function isOn(name: string, text: string | undefined): boolean {
  if (text === undefined || text === 'false') return false;
  if (text === 'true') return true;
  throw new SlipwayError('SLIP_CLI_USAGE', { why: `--${name} takes true or false` });
}

const TARGET = { name: 'server', summary: 'URL of a server, or a server file, which is then served in memory' };

const JSON_RESULT: Flag = { name: 'json', summary: 'the whole result as JSON, for programs' };

const call: Command = {
  name: 'call',
  summary: 'Call a tool of a server',
  argument: TARGET,
  moreArguments: [
    { name: 'tool', summary: 'its name' },
    {
      name: 'key=value...',
      summary: 'arguments, as the tool wants them; key:=json for JSON, key.inner=value for objects',
    },
  ],
  flags: [
    JSON_RESULT,
    { name: 'data', value: 'json', summary: 'all arguments as a JSON object, @FILE, or - for standard input' },
    {
      name: 'answer',
      value: 'key=value',
      summary: 'answer to a question of the tool, or accept, decline, cancel; may be repeated',
      repeated: true,
    },
    ...REACH_FLAGS,
  ],
  examples: [
    { line: 'slipway call http://127.0.0.1:8087/mcp hello name=Ada', does: 'a server that runs' },
    { line: 'slipway call server.ts hello name=Ada', does: 'a file, without a port' },
    { line: 'slipway call server.ts add a=1 b=2 tag=x tag=y options:=\'{"deep":true}\'', does: 'numbers, lists, JSON' },
    { line: 'slipway call server.ts import --data @items.json --json', does: 'for scripts' },
    { line: 'slipway call server.ts ship item=mug --answer city=Lima', does: 'the tool asks, a script answers' },
    { line: 'slipway call https://mcp.example.com/mcp whoami --bearer @token.txt', does: 'with a token' },
  ],
  note: `Values become what the tool's schema says: numbers, booleans, lists (repeat the key), text otherwise. Questions of
the tool are asked at the terminal; without one, what --answer leaves open is declined. A tool that fails ends with
exit code 1 and its text on standard error.
`,
  run: async (server, values, rest) => (await import('./call.ts')).call(server, values, rest),
};

const list: Command = {
  name: 'list',
  summary: 'Show what a server offers: tools with their arguments, resources, prompts',
  argument: { ...TARGET, summary: `${TARGET.summary} (default: server.ts and the like)` },
  flags: [JSON_RESULT, ...REACH_FLAGS],
  examples: [
    { line: 'slipway list', does: 'what ./server.ts offers' },
    { line: 'slipway list http://127.0.0.1:8087/mcp', does: 'a server that runs' },
    { line: 'slipway list https://mcp.example.com/mcp --bearer @token.txt --json', does: 'for programs' },
    { line: "slipway list --stdio 'npx -y @scope/server'", does: 'one that is started for it' },
  ],
  run: async (server, values, rest) => (await import('./list.ts')).list(server, values, rest),
};

export const COMMANDS: readonly Command[] = [init, dev, start, config, deploy, doctor, call, list];
