#!/usr/bin/env node
// Plain old JavaScript on purpose: an outdated Node must be able to read this file far enough to say what it needs.

var MINIMUM = [22, 18];
var version = process.versions.node.split('.').map(Number);

if (version[0] < MINIMUM[0] || (version[0] === MINIMUM[0] && version[1] < MINIMUM[1])) {
  process.stderr.write(
    'slipway: this is Node ' +
      process.versions.node +
      ', and Slipway needs Node ' +
      MINIMUM.join('.') +
      ' or newer. Install a current Node (https://nodejs.org) and run the command again.\n',
  );
  process.exitCode = 1;
} else {
  Promise.all([import('node:fs'), import('node:module'), import('node:url')])
    .then(([fs, module, url]) => {
      // Compiling costs more than half of the time from start to ready. What this folder's owner alone can write is as
      // trustworthy as the code; where nothing can be written, Node goes on without. See docs/decisions/0005.
      module.enableCompileCache(url.fileURLToPath(new URL('../.slipway/compile-cache', import.meta.url)));
      // A checkout runs from its TypeScript sources; the packed package has only dist/.
      var source = new URL('../src/cli/main.ts', import.meta.url);
      return import(fs.existsSync(source) ? source.href : new URL('../dist/cli/main.js', import.meta.url).href);
    })
    .then(cli => cli.main(process.argv.slice(2)));
}
