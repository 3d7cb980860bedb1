/** `createMcpHandler`: a server as a handler that any HTTP host can mount. */
import { SlipwayError } from '../protocol/coded-error.ts';
import { Keyring } from '../sealing/keyring.ts';
import type { CallObserver } from '../server/call-observer.ts';
import { LifecycleHooks, type NamedHook } from '../server/lifecycle-hooks.ts';
import type { McpServer } from '../server/mcp-server.ts';
import type { Server } from '../server/server.ts';
import type { ToolLimitOptions } from '../server/tool-limits.ts';
import { ChangeBus } from '../state/change-bus.ts';
import { createServerNotifier, type ServerEventBus, type ServerNotifier } from '../state/event-bus.ts';
import type { State } from '../state/state.ts';
import { HttpEndpoint } from '../transport/http/endpoint.ts';
import type { EndpointOptions, SessionMode } from '../transport/http/endpoint-options.ts';
import type { EndpointParts } from '../transport/http/endpoint-settings.ts';
import { type FetchHandler, fetchHandler } from '../transport/http/fetch-handler.ts';
import type { HttpObserver } from '../transport/http/http-observer.ts';
import { type NodeHandler, nodeHandler } from '../transport/http/node-handler.ts';
import type { McpServerFactory } from '../transport/http/served.ts';
import { limitersIn } from './rate-limiters.ts';
import { Readiness } from './readiness.ts';
import { resolveSecrets } from './secrets.ts';
import { openState } from './state.ts';

export interface CreateMcpHandlerOptions extends EndpointOptions, ToolLimitOptions {
  /**
   * The root secrets of the deployment, 32 bytes or more each: the first seals, all of them open. Default: those of the
   * environment (SLIPWAY_SECRETS), else the key file in `stateDir`, else random ones that end with the process.
   */
  secrets?: readonly string[];
  /** The official SDK's name for `maxBodyBytes`. */
  maxRequestBodySize?: number;
  /**
   * A directory for what outlives a restart and is shared by several processes: sessions, streams, keys. It is created
   * if it does not exist. Default: nothing outlives this process.
   */
  stateDir?: string;
  /** Milliseconds that the answer to a call with an idempotency key is kept; default 86,400,000 (a day). */
  idempotencyTtlMs?: number;
  /** A state of your own in place of the one in `stateDir`; whoever made it closes it. */
  state?: State;
}

export interface McpHttpHandler {
  /** For fetch hosts; may be detached. */
  readonly fetch: FetchHandler;
  /** For node:http, Express and Fastify: `(req, res, parsedBody?)`. */
  readonly node: NodeHandler;
  /** Announces changes to every open `subscriptions/listen` stream. */
  readonly notify: ServerNotifier;
  readonly bus: ServerEventBus;
  /** Ends the streams in good order and refuses what comes after; calls in flight may finish for up to 10 s. */
  close(): Promise<void>;
}

const IDEMPOTENCY_TTL_MS = 86_400_000;
const CLOSE_GRACE_MS = 10_000;
const NODE_FACE: unique symbol = Symbol('slipway.node-face');

/** The node face of a handler of ours, with a limit of its own if one is given; for `toNodeHandler`. */
export function nodeFaceOf(handler: object, maxBodyBytes: number | undefined): NodeHandler | undefined {
  return (handler as { [NODE_FACE]?: (maxBodyBytes?: number) => NodeHandler })[NODE_FACE]?.(maxBodyBytes);
}

/** What a host adds to an endpoint. */
export interface Additions {
  /** The session mode that holds unless the options say so; undefined: sessions where their keys outlive a process. */
  readonly sessions?: SessionMode;
  /** The keys of the deployment, if they are known already. */
  readonly keyring?: Keyring | undefined;
  readonly calls?: CallObserver | undefined;
  readonly http?: HttpObserver | undefined;
  /** Checks beside those of the server. */
  readonly ready?: readonly NamedHook[];
}

/** What is composed for one server. */
export interface Composed {
  readonly endpoint: HttpEndpoint;
  readonly readiness: Readiness;
  readonly state: State;
  readonly keyring: Keyring | undefined;
  /** The hooks of the server; none where a factory makes servers. */
  readonly lifecycle: LifecycleHooks;
  readonly bus: ServerEventBus;
  /** Lets go of what was opened here; after the endpoint has stopped. */
  release(): Promise<void>;
}

/** The endpoint of a server, the bus between them, and the state below. */
export function endpointOf(
  source: McpServer | Server | McpServerFactory,
  options: CreateMcpHandlerOptions,
  additions: Additions = {},
): Composed {
  if (typeof options.legacy === 'function') {
    throw new TypeError("legacy is 'stateless' or 'reject'; route with isLegacyRequest() to serve it yourself");
  }
  const { maxRequestBodySize, stateDir, state: given, idempotencyTtlMs = IDEMPOTENCY_TTL_MS, ...rest } = options;
  const { toolTimeoutMs, maxResultChars, resultWarningChars } = options;
  const keyring = additions.keyring ?? deploymentKeyring(options);
  const hasSecrets = typeof source !== 'function' && coreOf(source).secretsAreShared;
  const keysLast = keyring !== undefined || given !== undefined || hasSecrets;
  const state = given ?? openState({ ...(stateDir !== undefined && { stateDir }) });
  const report = (error: Error) => options.onerror?.(error);
  const bus = options.bus ?? new ChangeBus(state.bus, report);
  const limits = maxRequestBodySize === undefined ? {} : { maxBodyBytes: maxRequestBodySize };
  const lifecycle = typeof source === 'function' ? new LifecycleHooks() : coreOf(source).lifecycle;
  const checks = () => [...(additions.ready ?? []), ...lifecycle.ready];
  const readiness: Readiness = new Readiness(state, checks, () => endpoint.logger);
  const parts: EndpointParts = {
    bus,
    ownBus: options.bus !== undefined,
    state,
    keyring,
    sessions: options.sessions ?? additions.sessions ?? (keysLast ? 'optional' : 'off'),
    calls: additions.calls,
    http: additions.http,
    idempotency: { store: state.idempotency, ttlMs: idempotencyTtlMs },
    toolLimits: {
      ...(toolTimeoutMs !== undefined && { toolTimeoutMs }),
      ...(maxResultChars !== undefined && { maxResultChars }),
      ...(resultWarningChars !== undefined && { resultWarningChars }),
    },
    limiters: limitersIn(state.limits),
    readiness: draining => readiness.report(draining),
  };
  const endpoint = new HttpEndpoint(source, parts, { ...limits, ...rest });
  return {
    endpoint,
    readiness,
    bus,
    state,
    keyring,
    lifecycle,
    release: async () => {
      if (given === undefined) await state.close();
    },
  };
}

function coreOf(server: McpServer | Server): Server {
  return 'core' in server ? server.core : server;
}

/** The keys of this deployment; undefined where there are none but those of the process. */
export function deploymentKeyring({ stateDir, secrets }: CreateMcpHandlerOptions): Keyring | undefined {
  if (secrets !== undefined) return Keyring.from(secrets);
  const found = resolveSecrets({ ...(stateDir !== undefined && { stateDir }) });
  return found === undefined ? undefined : Keyring.from(found.secrets, found.source);
}

/** Announces changes of lists, and has the factory called again first: what it makes has changed, says its author. */
function renewingNotifier(endpoint: HttpEndpoint, notifier: ServerNotifier): ServerNotifier {
  const renewing = (announce: () => void) => () => {
    endpoint.renew();
    announce();
  };
  return {
    ...notifier,
    toolsChanged: renewing(notifier.toolsChanged),
    promptsChanged: renewing(notifier.promptsChanged),
    resourcesChanged: renewing(notifier.resourcesChanged),
  };
}

/**
 * Makes a handler of a server or of a factory. A factory that does not look at its argument is called once and its
 * server shared, until a list is announced as changed with `notify`; one that looks is called for every request (the
 * slow path; docs/guides/factories.md).
 *
 * @throws SlipwayError SLIP_INVALID_OPTION
 */
export function createMcpHandler(
  source: McpServer | Server | McpServerFactory,
  options: CreateMcpHandlerOptions = {},
): McpHttpHandler {
  const { endpoint, bus, release } = endpointOf(source, options);
  const serve = fetchHandler(endpoint);
  const node = nodeHandler(endpoint);
  let closed = false;
  return {
    fetch: async (request, given) => {
      if (closed) throw new SlipwayError('SLIP_STOPPING');
      return serve(request, given);
    },
    node,
    [NODE_FACE]: (maxBodyBytes?: number) => (maxBodyBytes === undefined ? node : nodeHandler(endpoint, maxBodyBytes)),
    notify: renewingNotifier(endpoint, createServerNotifier(bus)),
    bus,
    close: async () => {
      closed = true;
      await endpoint.stop(CLOSE_GRACE_MS);
      await release();
    },
  } as McpHttpHandler;
}
