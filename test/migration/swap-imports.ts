/**
 * A module preload: with it, a server written for the official SDK loads Slipway instead, and nothing else about the
 * file changes. Only files of this folder are redirected: the SDK's own packages import each other by the same names.
 *
 * Use: node --conditions=@slipway/source --import ./swap-imports.ts child.ts <server>
 */

import { registerHooks } from 'node:module';

const REPLACED = new Set([
  '@modelcontextprotocol/server',
  '@modelcontextprotocol/server/stdio',
  '@modelcontextprotocol/node',
]);
const HERE = new URL('./', import.meta.url).href;

registerHooks({
  resolve(specifier, context, nextResolve) {
    const ours = context.parentURL?.startsWith(HERE) ?? false;
    return nextResolve(ours && REPLACED.has(specifier) ? 'slipway' : specifier, context);
  },
});
