/**
 * The request that the running code answers. Only for the parts of the official SDK's API that hang on the server rather
 * than on the context (`server.server.elicitInput()`, `sendLoggingMessage()`, ...): one compiled server answers many
 * requests at once, so these need to find theirs. Everything else gets its context as an argument.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { RequestContext } from './context.ts';

const storage = new AsyncLocalStorage<RequestContext>();

export function currentRequest(): RequestContext | undefined {
  return storage.getStore();
}

export function runAsCurrent<T>(context: RequestContext, run: () => T): T {
  return storage.run(context, run);
}
