/** `slipway dev`: serves a server file while it is being written. */
import { join, relative, resolve } from 'node:path';
import { type ConfigurationInput, loadConfiguration } from '../host/configuration/configuration.ts';
import { ConnectionDealer } from '../host/process/connection-dealer.ts';
import { takeHandOver } from '../host/process/hand-over.ts';
import { stderrLogger } from '../server/logger.ts';
import type { FlagValues, RestOfLine } from './command.ts';
import { DevConsole } from './dev/dev-console.ts';
import { DevServer } from './dev/dev-server.ts';
import { ENV_FILE, envFileVariables } from './dev/env-file.ts';
import { realPath, SourceWatch } from './dev/source-watch.ts';
import { listeningError, serverFile } from './listening.ts';
import { nextSteps } from './next-steps.ts';
import { stateDirectory } from './state-directory.ts';

/** Files of the current folder that count whether or not they are there, and loaded. */
const ALWAYS = [ENV_FILE, 'package.json', ...['ts', 'mts', 'js', 'mjs'].map(ending => `slipway.config.${ending}`)];

/**
 * `slipway dev`: serves a server file on its port, and loads it again whenever a file of it is saved. Returns once it
 * serves, or waits for a change.
 *
 * @param file the server file; undefined looks for the usual names in the current folder
 * @param values the flags
 * @throws SlipwayError `SLIP_CLI_*`, `SLIP_CONFIG_INVALID`
 */
export async function dev(file: string | undefined, values: FlagValues, { repeated }: RestOfLine): Promise<void> {
  const input: ConfigurationInput = { flags: values, serverFile: file };
  const handOver = takeHandOver();
  if (handOver !== undefined) return (await import('./dev/dev-worker.ts')).startDevWorker(handOver, input);
  return serveAndWatch(input, repeated['watch'] ?? []);
}

function changeText(paths: readonly string[]): string {
  const names = paths.map(path => relative('', path));
  const shown = names.length > 3 ? [...names.slice(0, 2), `${names.length - 2} more files`] : names;
  return `${shown.join(', ')} changed`;
}

async function serveAndWatch(input: ConfigurationInput, trees: readonly string[]): Promise<void> {
  // The processes that load the server read it for themselves, each time.
  const env = { ...envFileVariables(), ...process.env };
  const { values: configuration, file: configurationFile } = await loadConfiguration({ ...input, env });
  const { host, quiet } = configuration;
  const path = realPath(serverFile(configuration));
  const stateDir = stateDirectory(configuration.stateDir, path);
  const dealer = new ConnectionDealer(stderrLogger());
  const { address, port } = await dealer.listen({ host, port: configuration.port }).catch(error => {
    throw listeningError(error, configuration);
  });
  const console = new DevConsole(relative('', path), configuration);
  const always = new Set(ALWAYS.map(name => join(realPath(process.cwd()), name)));
  const watched = trees.map(tree => realPath(resolve(tree)));
  const server = new DevServer({
    dealer,
    handOver: { address, port, metrics: false },
    console,
    onPaths: paths => watch.addFiles(paths),
  });
  const watch = new SourceWatch({
    matters: changed => {
      if (server.has(changed) || always.has(changed)) return true;
      return watched.some(tree => changed === tree || changed.startsWith(join(tree, '/')));
    },
    readAt: () => server.readAt,
    onChange: paths => void load(changeText(paths)),
    onError: error => console.unwatched(error.message),
  });
  watch.addFiles([path, ...always, ...(configurationFile === undefined ? [] : [configurationFile])]);
  watch.addTrees(watched, stateDir);
  let isKnown = quiet;
  const load = async (why?: string) => {
    const place = await server.load(why);
    if (place === undefined || isKnown) return;
    isKnown = true;
    const { publicUrl } = configuration;
    process.stdout.write(nextSteps(place.name, { url: place.url, host: address, port }, { stateDir, publicUrl }));
  };
  stopAtOnce(async () => {
    await Promise.all([watch.close(), server.stop()]);
  }, server);
  await load();
  process.stdout.write(`\nWatching ${relative('', path)} and what it imports. Ctrl-C ends it at once.\n`);
}

/** Nobody waits for calls in flight here. */
function stopAtOnce(stop: () => Promise<void>, server: DevServer): void {
  let begun = false;
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (begun && signal === 'SIGHUP') return;
      if (begun) {
        server.kill();
        process.exit();
      }
      begun = true;
      void stop().then(() => process.exit());
    });
  }
}
