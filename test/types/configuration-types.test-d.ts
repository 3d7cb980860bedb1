/** Type-only: `tsc` is the test. What a `slipway.config.ts` may say, and that what it comes to is what `serve()` takes. */
import { defineConfig, type ServeOptions } from 'slipway';
import type { Configuration } from '../../src/host/configuration/configuration.ts';

export const plain = defineConfig({ port: 3000, rateLimitPerTool: '600/1m', adminPort: 'off', workers: 'auto' });
export const made = defineConfig(() => ({ quiet: true }));
export const promised = defineConfig(async () => ({ onStop: () => Promise.resolve(), stateDir: 'none' }));

// @ts-expect-error: no such key
defineConfig({ port: 3000, prot: 3000 });
// @ts-expect-error: a number
defineConfig({ port: '3000' });
// @ts-expect-error: no such word
defineConfig({ logLevel: 'loud' });
// @ts-expect-error: no rate
defineConfig({ rateLimitPerAddress: '600 per minute' });
// @ts-expect-error: always has a value
defineConfig({ port: 'off' });
// @ts-expect-error: a list
defineConfig({ allowedHosts: 'mcp.example.com' });

/** The command reads the first three for itself. */
export function served(values: Configuration): ServeOptions {
  const { server, workers, quiet, stateDir, ...options } = values;
  return { ...options, stateDir: stateDir === 'none' ? undefined : stateDir };
}
