/** A server behind a transport of its own: newline-delimited JSON in odd chunks, with a session id and versions. */

import {
  assertCompleteRequestPrompt,
  assertCompleteRequestResourceTemplate,
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  type CompleteRequest,
  DEFAULT_NEGOTIATED_PROTOCOL_VERSION,
  deserializeMessage,
  INTERNAL_ERROR,
  INVALID_REQUEST,
  InMemoryTransport,
  JSONRPC_VERSION,
  type JSONRPCMessage,
  LATEST_PROTOCOL_VERSION,
  McpServer,
  METHOD_NOT_FOUND,
  MissingRequiredClientCapabilityError,
  PARSE_ERROR,
  PROTOCOL_VERSION_META_KEY,
  ProtocolError,
  ProtocolErrorCode,
  parseJSONRPCMessage,
  ReadBuffer,
  ResourceNotFoundError,
  SERVER_INFO_META_KEY,
  STDIO_DEFAULT_MAX_BUFFER_SIZE,
  SUBSCRIPTION_ID_META_KEY,
  SUPPORTED_PROTOCOL_VERSIONS,
  serializeMessage,
  type Transport,
  type TransportSendOptions,
  UnsupportedProtocolVersionError,
  UrlElicitationRequiredError,
} from 'slipway';

class LineTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  sessionId = 'relay-1';
  version: string | undefined;
  accepted: string[] = [];
  related: (string | number)[] = [];
  readonly #outer: Transport;
  readonly #buffer = new ReadBuffer({ maxBufferSize: STDIO_DEFAULT_MAX_BUFFER_SIZE });

  constructor(outer: Transport) {
    this.#outer = outer;
  }

  async start(): Promise<void> {
    this.#outer.onmessage = message => this.#arrived(Buffer.from(serializeMessage(message)));
    this.#outer.onclose = () => this.onclose?.();
    await this.#outer.start();
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    if (options?.relatedRequestId !== undefined) this.related.push(options.relatedRequestId);
    await this.#outer.send(deserializeMessage(serializeMessage(message).trim()));
  }

  async close(): Promise<void> {
    await this.#outer.close();
  }

  setProtocolVersion(version: string): void {
    this.version = version;
  }

  setSupportedProtocolVersions(versions: string[]): void {
    this.accepted = versions;
  }

  #arrived(bytes: Buffer): void {
    const half = Math.floor(bytes.length / 2);
    this.#buffer.append(bytes.subarray(0, half));
    if (this.#buffer.readMessage() !== null) this.onerror?.(new Error('half a message was read'));
    this.#buffer.append(bytes.subarray(half));
    for (let message = this.#buffer.readMessage(); message !== null; message = this.#buffer.readMessage()) {
      this.onmessage?.(parseJSONRPCMessage(message));
    }
  }
}

function text(value: unknown) {
  return { content: [{ type: 'text' as const, text: JSON.stringify(value) }] };
}

function describe(error: ProtocolError): unknown {
  return { name: error.constructor.name, code: error.code, message: error.message, data: error.data ?? null };
}

function refused(attempt: () => unknown): boolean {
  try {
    attempt();
    return false;
  } catch {
    return true;
  }
}

const complete = (ref: CompleteRequest['params']['ref']): CompleteRequest => ({
  method: 'completion/complete',
  params: { ref, argument: { name: 'a', value: '' } },
});

function build(line: LineTransport | undefined): McpServer {
  const server = new McpServer({ name: 'relay', version: '1.0.0' });
  server.registerTool('line', {}, async ctx => {
    await ctx.mcpReq.notify({ method: 'acme/note', params: { id: ctx.mcpReq.id } });
    const again = server.connect(InMemoryTransport.createLinkedPair()[0]);
    const secondConnect = await again.then(() => 'accepted').catch(() => 'refused');
    return text({
      session: ctx.sessionId ?? null,
      version: line?.version ?? null,
      accepted: [...(line?.accepted ?? [])].sort(),
      related: line?.related,
      secondConnect,
      http: ctx.http === undefined,
    });
  });
  server.registerTool('errors', {}, () => {
    const missing = new ResourceNotFoundError('a://b');
    const link = new UrlElicitationRequiredError([
      { mode: 'url', message: 'm', url: 'https://relay.example', elicitationId: 'e' },
    ]);
    const version = new UnsupportedProtocolVersionError({ supported: ['x'], requested: 'y' });
    const capability = new MissingRequiredClientCapabilityError({ requiredCapabilities: { roots: {} } });
    return text({
      all: [missing, link, version, capability, new ProtocolError(1, 'one', { two: 2 })].map(describe),
      getters: [
        missing.uri,
        link.elicitations.length,
        version.supported,
        version.requested,
        capability.requiredCapabilities,
      ],
      made: [
        describe(ProtocolError.fromError(ProtocolErrorCode.InvalidParams, 'm', { uri: 'a://b' })),
        describe(
          ProtocolError.fromError(ProtocolErrorCode.UnsupportedProtocolVersion, 'm', { supported: [], requested: 'z' }),
        ),
        describe(ProtocolError.fromError(-1, 'plain')),
      ],
      guards: [
        ProtocolError.isInstance(missing),
        ResourceNotFoundError.isInstance(missing),
        ResourceNotFoundError.isInstance(link),
        missing instanceof ProtocolError,
        ProtocolError.isInstance(new Error('no')),
      ],
      codes: [
        ProtocolErrorCode.ParseError,
        ProtocolErrorCode.InvalidRequest,
        ProtocolErrorCode.MethodNotFound,
        ProtocolErrorCode.InvalidParams,
        ProtocolErrorCode.InternalError,
        ProtocolErrorCode.ResourceNotFound,
        ProtocolErrorCode.MissingRequiredClientCapability,
        ProtocolErrorCode.UnsupportedProtocolVersion,
        ProtocolErrorCode.UrlElicitationRequired,
      ],
    });
  });
  server.registerTool('constants', {}, () =>
    text({
      versions: [LATEST_PROTOCOL_VERSION, DEFAULT_NEGOTIATED_PROTOCOL_VERSION, JSONRPC_VERSION],
      supported: [...SUPPORTED_PROTOCOL_VERSIONS].sort(),
      codes: [PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INTERNAL_ERROR],
      keys: [
        PROTOCOL_VERSION_META_KEY,
        CLIENT_INFO_META_KEY,
        CLIENT_CAPABILITIES_META_KEY,
        SERVER_INFO_META_KEY,
        SUBSCRIPTION_ID_META_KEY,
      ],
      parsing: [
        refused(() => parseJSONRPCMessage({ jsonrpc: '1.0', id: 1, method: 'x' })),
        refused(() => parseJSONRPCMessage({ jsonrpc: '2.0', id: 1, method: 'x' })),
        refused(() => deserializeMessage('{')),
        refused(() => new ReadBuffer({ maxBufferSize: 4 }).append(Buffer.from('12345678'))),
        refused(() => assertCompleteRequestPrompt(complete({ type: 'ref/prompt', name: 'p' }))),
        refused(() => assertCompleteRequestPrompt(complete({ type: 'ref/resource', uri: 'u' }))),
        refused(() => assertCompleteRequestResourceTemplate(complete({ type: 'ref/resource', uri: 'u' }))),
      ],
    }),
  );
  return server;
}

export async function connect(outer: Transport): Promise<void> {
  const line = new LineTransport(outer);
  await build(line).connect(line);
}

/** A client written by hand, on a pair of its own. */
async function ownPair(): Promise<unknown> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  const server = build(undefined);
  const answers: JSONRPCMessage[] = [];
  await server.connect(far);
  const done = new Promise<void>(resolve => {
    near.onmessage = message => {
      answers.push(message);
      if (answers.length === 2) resolve();
    };
  });
  await near.start();
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'hand', version: '0' } };
  await near.send({ jsonrpc: '2.0', id: 'a', method: 'initialize', params });
  await near.send({ jsonrpc: '2.0', id: 'b', method: 'ping' });
  await done;
  await server.close();
  return [answers, server.isConnected()];
}

export const actions = { ownPair };
