/** The servers that are measured, and those that they are measured against. */
import type { ServerSpec } from './server-process.ts';

export type SlipwaySettings = {
  tools?: number;
  responseMode?: 'json' | 'sse' | 'auto';
  /** Where state is kept; default memory. */
  state?: 'memory' | 'sqlite';
  /** What watches and limits calls, as in production; default nothing. `access-log`: that and a line for each call. */
  production?: 'metrics-and-limits' | 'access-log';
};

export function slipway(settings: SlipwaySettings = {}): ServerSpec {
  const { tools = 20, responseMode = 'auto', state = 'memory', production = 'none' } = settings;
  const folder = state === 'sqlite' || production === 'access-log' ? ['STATE_DIR'] : [];
  const args = ['PORT', String(tools), responseMode, state, production, ...folder];
  return { name: 'slipway', file: 'bench/servers/slipway.ts', args };
}

/** A file of bench/yardstick. */
export function bare(name: string, ...args: string[]): ServerSpec {
  return { name, file: `bench/yardstick/${name}.mjs`, args: ['PORT', ...args] };
}

/** A server of another framework. */
export function peer(name: string): ServerSpec {
  return { name, file: `peers/${name}.ts`, args: ['PORT'] };
}
