import type { EndedCall } from '../../server/call-observer.ts';
import type { RequestContext } from '../../server/context.ts';

/** What stands for names that are none of ours; the word of OpenTelemetry's conventions. */
export const OTHER = '_OTHER';

/** How many series there may be: strangers, and factories that invent tools, must not fill the memory. */
export const MAX_SERIES = 1000;

/** What calls are told apart by. Never who called, and never what a client made up. */
export interface CallLabels {
  readonly method: string;
  /** The registered tool (or prompt) that was found; '' where the method has none, `_OTHER` where none was found. */
  readonly component: string;
  /** See {@link errorTypeOf}. */
  readonly errorType: string;
}

/** '' for calls that went well, else `tool_error`, `cancelled` or the JSON-RPC code as text. */
export function errorTypeOf({ outcome, errorCode }: EndedCall): string {
  if (outcome === 'ok' || outcome === 'input_required') return '';
  return outcome === 'error' ? String(errorCode) : outcome;
}

/** The method, if it is one that this server answers. */
export function methodOf({ server, call }: RequestContext): string {
  return server.operationOf(call.method, call.envelope !== undefined) === undefined ? OTHER : call.method;
}

/** Something of each kind of call, made when such a call first ends. Finding it again costs three look-ups. */
export class CallSeries<T> {
  readonly #make: (labels: CallLabels) => T;
  readonly #componentOf: (context: RequestContext) => string;
  readonly #found = new Map<string, Map<string, Map<string, T>>>();
  readonly #all: (readonly [CallLabels, T])[] = [];

  constructor(componentOf: (context: RequestContext) => string, make: (labels: CallLabels) => T) {
    this.#componentOf = componentOf;
    this.#make = make;
  }

  of(ended: EndedCall): T {
    const { context } = ended;
    const component = this.#componentOf(context);
    const errorType = errorTypeOf(ended);
    return (
      this.#found.get(context.call.method)?.get(component)?.get(errorType) ??
      this.#add({ method: methodOf(context), component, errorType })
    );
  }

  #add(labels: CallLabels): T {
    const full = this.#all.length >= MAX_SERIES;
    const { method, component, errorType } = full
      ? { method: OTHER, component: OTHER, errorType: labels.errorType && OTHER }
      : labels;
    const components = entry(this.#found, method, () => new Map<string, Map<string, T>>());
    const errorTypes = entry(components, component, () => new Map<string, T>());
    return entry(errorTypes, errorType, () => {
      const made = this.#make({ method, component, errorType });
      this.#all.push([{ method, component, errorType }, made]);
      return made;
    });
  }

  [Symbol.iterator](): Iterator<readonly [CallLabels, T]> {
    return this.#all[Symbol.iterator]();
  }
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let found = map.get(key);
  if (found === undefined) map.set(key, (found = make()));
  return found;
}
