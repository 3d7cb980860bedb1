/** A concierge on one 2025 connection: it asks the client for input, models, folders and liveness, and it says so. */

import {
  type ClientCapabilities,
  type CreateMessageResult,
  type ElicitResult,
  type Implementation,
  isInitializedNotification,
  isInitializeRequest,
  isJSONRPCErrorResponse,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResponse,
  isJSONRPCResultResponse,
  type JSONRPCMessage,
  type JsonSchemaType,
  type JsonSchemaValidator,
  type jsonSchemaValidator,
  type ListRootsResult,
  McpServer,
  type RequestOptions,
  SdkError,
  SdkErrorCode,
  SUPPORTED_PROTOCOL_VERSIONS,
  type Transport,
} from 'slipway';
import * as z from 'zod';

const events: string[] = [];
let strict = false;
let current: McpServer | undefined;

function text(value: unknown) {
  return { content: [{ type: 'text' as const, text: typeof value === 'string' ? value : JSON.stringify(value) }] };
}

/** Refuses what does not name a color; the same check for every form keeps the example small. */
const colorValidator: jsonSchemaValidator = {
  getValidator<T>(schema: JsonSchemaType): JsonSchemaValidator<T> {
    events.push(`validator for ${Object.keys(schema.properties ?? {}).join()}`);
    return input => {
      const { color } = input as { color?: unknown };
      return color === 'red'
        ? { valid: true, data: input as T, errorMessage: undefined }
        : { valid: false, data: undefined, errorMessage: 'only red is left' };
    };
  },
};

const colorForm = {
  mode: 'form' as const,
  message: 'Which color?',
  requestedSchema: { type: 'object' as const, properties: { color: { type: 'string' as const } }, required: ['color'] },
};

function build(): McpServer {
  const server = new McpServer(
    { name: 'concierge', version: '1.0.0' },
    {
      capabilities: { logging: {} },
      enforceStrictCapabilities: strict,
      jsonSchemaValidator: colorValidator,
      supportedProtocolVersions: [...SUPPORTED_PROTOCOL_VERSIONS].filter(version => version !== '2024-10-07'),
    },
  );
  const low = server.server;
  low.oninitialized = () => {
    const capabilities: ClientCapabilities | undefined = low.getClientCapabilities();
    const client: Implementation | undefined = low.getClientVersion();
    events.push(
      `initialized ${client?.name} ${Object.keys(capabilities ?? {}).sort()} ${low.getNegotiatedProtocolVersion()}`,
    );
  };
  low.onclose = () => events.push('closed');
  low.onerror = error => events.push(`error ${error.name}`);

  server.registerTool('ask-color', {}, async ctx => {
    const answer: ElicitResult = await ctx.mcpReq.elicitInput(colorForm, { timeout: 5_000, signal: ctx.mcpReq.signal });
    return text(answer.action === 'accept' ? `You like ${answer.content?.['color']}` : `You said ${answer.action}`);
  });

  server.registerTool('ask-later', {}, async () => text(await low.elicitInput(colorForm)));

  server.registerTool('send-link', { inputSchema: z.object({ id: z.string() }) }, async ({ id }, ctx) => {
    const finished = low.createElicitationCompletionNotifier(id, { relatedRequestId: ctx.mcpReq.id });
    const url = `https://concierge.example/login?state=${id}`;
    const answer = await ctx.mcpReq.elicitInput({ mode: 'url', message: 'Sign in', url, elicitationId: id });
    await finished();
    return text(answer.action);
  });

  server.registerTool('ask-model', {}, async ctx => {
    const reply = await ctx.mcpReq.requestSampling({
      messages: [{ role: 'user', content: { type: 'text', text: 'Where to eat?' } }],
      maxTokens: 20,
    });
    return text(`${reply.model}: ${JSON.stringify(reply.content)}`);
  });

  server.registerTool('ask-model-later', {}, async () => {
    const reply: CreateMessageResult = await low.createMessage({
      messages: [{ role: 'user', content: { type: 'text', text: 'And to drink?' } }],
      maxTokens: 20,
    });
    return text(reply.model);
  });

  server.registerTool('ask-folders', {}, async ctx => {
    const own: ListRootsResult = await low.listRoots();
    const sent = await ctx.mcpReq.send({ method: 'roots/list' });
    return text([own.roots.length, sent.roots.map(root => root.uri)]);
  });

  server.registerTool('ask-custom', {}, async ctx => {
    const Weather = z.object({ sky: z.string() });
    const near = await ctx.mcpReq.send({ method: 'acme/weather', params: { near: true } }, Weather);
    const far = await low.request({ method: 'acme/weather', params: { near: false } }, Weather, { timeout: 2_000 });
    await low.notification({ method: 'acme/asked', params: { times: 2 } });
    return text([near, far]);
  });

  server.registerTool('check-alive', {}, async () => text(await low.ping()));

  server.registerTool('impatient', { inputSchema: z.object({ how: z.string() }) }, async ({ how }) => {
    const stop = new AbortController();
    const reports: number[] = [];
    const options: RequestOptions =
      how === 'signal'
        ? { signal: stop.signal }
        : {
            timeout: 150,
            maxTotalTimeout: 5_000,
            resetTimeoutOnProgress: true,
            onprogress: progress => void reports.push(progress.progress),
          };
    if (how === 'signal') setTimeout(() => stop.abort('changed my mind'), 50);
    try {
      await low.request({ method: 'acme/slow', params: {} }, z.object({}), options);
      return text(`answered after ${reports.join()}`);
    } catch (error) {
      if (how === 'signal') return text('stopped');
      const timedOut = error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout;
      return text(`gave up: ${timedOut ? 'timeout' : 'other'} after ${reports.join()}`);
    }
  });

  server.registerTool('tell', {}, async () => {
    await server.sendLoggingMessage({ level: 'info', data: 'told', logger: 'concierge' });
    await low.sendLoggingMessage({ level: 'notice', data: { told: 'again' } });
    return text([server.isConnected(), low.transport !== undefined, server.server === low]);
  });

  server.registerTool('goodbye', {}, async () => {
    setImmediate(() => void server.close());
    return text('closing');
  });
  return server;
}

/** Watches what passes, as a logging proxy around a transport would. */
function watched(message: JSONRPCMessage): string {
  if (isInitializeRequest(message)) return `initialize ${message.params.protocolVersion}`;
  if (isInitializedNotification(message)) return 'initialized';
  if (isJSONRPCRequest(message)) return `request ${message.method}`;
  if (isJSONRPCNotification(message)) return `notification ${message.method}`;
  if (isJSONRPCErrorResponse(message)) return `error ${message.error.code}`;
  return isJSONRPCResultResponse(message) && isJSONRPCResponse(message) ? 'result' : 'unknown';
}

export async function connect(transport: Transport): Promise<void> {
  current = build();
  await current.connect(transport);
  const deliver = transport.onmessage;
  transport.onmessage = (message, extra) => {
    events.push(watched(message));
    deliver?.(message, extra);
  };
}

export const actions = {
  events: () => events.splice(0),
  strict: (on: boolean) => void (strict = on),
  connected: () => current?.isConnected() ?? false,
};
