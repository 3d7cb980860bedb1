/**
 * Every coded error of Slipway, in one table: what happened, why, and what to do next.
 *
 * A `SLIP_...` code is stable and searchable (docs/reference/errors.md lists them). Codes that reach a client over
 * JSON-RPC travel in `error.data.code`; the numeric JSON-RPC code is the specification's.
 */

interface ErrorEntry {
  /** What happened; `{name}` is replaced by the detail of that name. */
  readonly what: string;
  /** What to do next. */
  readonly fix: string;
}

export const ERRORS = {
  // Registration: mistakes of the server's author, thrown where the mistake is made.
  SLIP_DUPLICATE_NAME: {
    what: "A {kind} named '{name}' is already registered",
    fix: 'Give it another name, or call update() on the handle that the first registration returned.',
  },
  SLIP_INVALID_NAME: {
    what: "'{name}' is not a valid {kind} name: {why}",
    fix: 'Use 1 to 128 characters of A-Z a-z 0-9 _ - and dot; Claude accepts 1 to 64 of A-Z a-z 0-9 _ and - only.',
  },
  SLIP_SCHEMA_NOT_OBJECT: {
    what: "The {field} of tool '{name}' does not describe an object at its root",
    fix: 'Wrap it: an input schema has "type": "object" at its root (MCP, server/tools, Tool).',
  },
  SLIP_SCHEMA_ROOT_COMBINATOR: {
    what: "The inputSchema of tool '{name}' has {keyword} at its root",
    fix: 'Move the alternatives into a property: clients refuse a root oneOf, anyOf or allOf.',
  },
  SLIP_SCHEMA_PROPERTY_KEY: {
    what: "The inputSchema of tool '{name}' has the property key '{key}'",
    fix: 'Use 1 to 64 characters of A-Z a-z 0-9 _ . and - for property keys; clients refuse others.',
  },
  SLIP_SCHEMA_HEADER: {
    what: "The inputSchema of tool '{name}' has a bad x-mcp-header: {why}",
    fix: 'Use a unique RFC 9110 token on a string, integer or boolean that only `properties` lead to.',
  },
  SLIP_SCHEMA_NOT_CONVERTIBLE: {
    what: "The {field} of {kind} '{name}' can not become JSON Schema: {why}",
    fix: 'Use a Standard Schema that offers JSON Schema (zod 4.2+, ArkType, Valibot with its adapter) or fromJsonSchema().',
  },
  SLIP_SCHEMA_DIALECT: {
    what: "The JSON Schema dialect '{dialect}' is not supported",
    fix: 'Use JSON Schema 2020-12 (leave $schema out) or draft-07.',
  },
  SLIP_SCHEMA_OLD_DIALECT: {
    what: "The {field} of tool '{name}' is written in the JSON Schema dialect '{dialect}'",
    fix: 'Use JSON Schema 2020-12 (leave $schema out): some clients refuse older dialects.',
  },
  SLIP_SCHEMA_REMOTE_REF: {
    what: "The JSON Schema refers to '{ref}' outside of itself",
    fix: 'Put the definition under $defs: schemas are never fetched from the network.',
  },
  SLIP_SCHEMA_INVALID: {
    what: 'The JSON Schema is not valid: {why}',
    fix: 'Correct the schema; it must be valid under its own dialect.',
  },
  SLIP_SCHEMA_TOO_LARGE: {
    what: 'The JSON Schema is too large: {why}',
    fix: 'Split the tool, or describe the rare part in words: deep or huge schemas are slow to validate.',
  },
  SLIP_INVALID_OPTION: {
    what: 'The option {option} has a value that is not allowed: {why}',
    fix: 'See the documentation of the option for what is allowed.',
  },
  SLIP_HOOK_TIMEOUT: {
    what: "The hook '{name}' did not end within {ms} ms",
    fix: 'Have it end when its signal aborts, or give it more time with timeoutMs.',
  },
  SLIP_HOOK_FAILED: {
    what: "The start hook '{name}' failed: {why}",
    fix: 'The server does not start without it; mend what it needs, or catch the error in the hook.',
  },
  SLIP_INVALID_HANDLER: {
    what: "The handler of {kind} '{name}' is not a function",
    fix: 'Pass the function that answers the call as the last argument.',
  },
  SLIP_CAPABILITY_MISSING: {
    what: "'{method}' needs the server capability {capability}, which is not declared",
    fix: 'Declare it in the capabilities option of the server.',
  },
  SLIP_ALREADY_CONNECTED: {
    what: 'The server is connected already, so {action}',
    fix: 'Do it before connect(), or close the connection first.',
  },
  SLIP_NOT_CONNECTED: {
    what: 'The server is not connected, so {action}',
    fix: 'Call connect(transport) first, or serve it with createMcpHandler().',
  },
  SLIP_CLIENT_STALLED: {
    what: 'The client has taken nothing for {ms} ms, and {bytes} bytes wait for it',
    fix: 'Read standard output while you write to standard input, or raise maxBufferedBytes or stallMs.',
  },

  // Requests: what a handler may run into.
  SLIP_CLIENT_UNREACHABLE: {
    what: "'{method}' can not be sent to the client: {why}",
    fix: 'Return inputRequired(...) from the handler: it works in every revision that can ask at all.',
  },
  SLIP_REQUEST_CANCELLED: { what: 'The request was cancelled: {why}', fix: 'Nothing: the client no longer waits.' },
  SLIP_REQUEST_STATE_TOO_LARGE: {
    what: 'The requestState has {size} bytes, more than the {limit} allowed',
    fix: 'Keep large data on the server and put only its key into the state.',
  },
  SLIP_REPLAY_DIVERGED: {
    what: 'The handler took another way than in the round before: {why}',
    fix: 'Make it take the same way in every round: the time, random values and whatever may change come from ctx.step().',
  },
  SLIP_REPLAY_HANDLER_CHANGED: {
    what: 'The handler was changed between two rounds of one request',
    fix: 'Send the request anew: answers to the handler of another release are not used.',
  },
  SLIP_REPLAY_SUSPENSION_CAUGHT: {
    what: 'The handler went on although a question of its was not answered yet',
    fix: 'Await every ctx.elicit() and ctx.sample(), and throw on what isSuspension() recognises (Promise.allSettled hides it).',
  },
  SLIP_REPLAY_MIXED: {
    what: 'The handler both returned inputRequired(...) and called ctx.elicit(), ctx.sample() or ctx.step()',
    fix: 'Use one of the two ways in a handler.',
  },
  SLIP_STEP_NOT_JSON: {
    what: "The step '{name}' gave what JSON can not hold: {why}",
    fix: 'Return plain objects, arrays, strings, finite numbers, booleans, null or undefined from a step.',
  },
  SLIP_STEP_NESTED: {
    what: 'ctx.{call}() was called inside of a step',
    fix: 'Call it before or after ctx.step(): a step that is replayed does not run.',
  },
  SLIP_ASK_OUTSIDE_HANDLER: {
    what: 'ctx.{call}() was called where no handler of a tool, prompt or resource runs',
    fix: 'Call it in such a handler and before that returns; middleware and other methods can not ask.',
  },
  SLIP_SEAL_INVALID: {
    what: 'A sealed value was not made by this server for this purpose, or it was altered: {why}',
    fix: 'Ask for a fresh one; if this follows a restart, configure a key that persists.',
  },
  SLIP_SEAL_EXPIRED: { what: 'A sealed value has expired', fix: 'Ask for a fresh one.' },
  SLIP_TOOL_TIMEOUT: {
    what: "The tool '{name}' did not finish within {ms} ms",
    fix: 'Make the tool faster, or raise its timeout.',
  },
  SLIP_RESULT_TOO_LARGE: {
    what: "The result of the tool '{name}' has {chars} characters, more than the {limit} that may be sent",
    fix: 'Ask for less: narrower arguments, fewer items, or one page at a time. The operator can raise maxResultChars.',
  },
  SLIP_IDEMPOTENCY_KEY: {
    what: 'The idempotency key can not be used: {why}',
    fix: 'Send a random one for each call, such as a UUID, and the same one only to repeat that call.',
  },
  SLIP_IDEMPOTENCY_MISMATCH: {
    what: 'The idempotency key was used for this tool with other arguments, other answers or in the other protocol era',
    fix: 'Send the call as it was to get its result, or another key to make a new call.',
  },
  SLIP_IDEMPOTENCY_RUNNING: {
    what: 'The call with this idempotency key is still running in another process',
    fix: 'Send it again with the same key after data.retryAfterMs milliseconds.',
  },
  SLIP_IDEMPOTENCY_LOST: {
    what: 'The call with this idempotency key ended without a result that is known: it may have been done, in part or not at all',
    fix: 'Find out what it did before you make it again, under another key.',
  },
  SLIP_REQUEST_TIMEOUT: {
    what: 'The request was not answered within {ms} ms',
    fix: 'Make the handler faster, or raise requestTimeoutMs.',
  },
  SLIP_SUBSCRIPTION_LIMIT: {
    what: 'The limit of {limit} open subscriptions is reached',
    fix: 'Close a subscription, or raise maxSubscriptions.',
  },

  // HTTP: what a stranger may send.
  SLIP_BODY_TOO_LARGE: {
    what: 'The request body has more than {limit} bytes',
    fix: 'Send less, or raise maxBodyBytes (and the limit of the proxy in front).',
  },
  SLIP_JSON_TOO_DEEP: {
    what: 'The JSON is nested deeper than {limit} levels',
    fix: 'Flatten it, or raise maxJsonDepth.',
  },
  SLIP_OVERLOADED: {
    what: 'The server is working on {limit} requests already',
    fix: 'Try again after the time in Retry-After.',
  },
  SLIP_RATE_LIMITED: {
    what: 'The limit of {limit} per {scope} is used up',
    fix: 'Try again after the time in Retry-After; data.retryAfterMs has it in milliseconds.',
  },
  SLIP_CALLER_BUSY: {
    what: 'As many calls of one caller are being answered as may be ({limit})',
    fix: 'Wait for one of them to end, then try again.',
  },
  SLIP_STOPPING: { what: 'The server is stopping', fix: 'Try again: another process takes over.' },
  SLIP_BACKEND_UNREACHABLE: {
    what: 'The proxy in front reaches no server',
    fix: 'Try again after the time in Retry-After; the error log of the proxy says why.',
  },
  SLIP_SLOW_SENDER: {
    what: 'The request did not arrive within {ms} ms',
    fix: 'Send it faster, or raise bodyTimeoutMs.',
  },
  SLIP_HEADERS_TOO_LARGE: {
    what: 'The request headers have more than {limit} bytes',
    fix: 'Send less, or raise maxHeaderBytes.',
  },
  SLIP_NOT_HTTP: {
    what: 'The bytes are not a request of HTTP/1.1',
    fix: 'Use http://, not https://: TLS ends at the proxy in front; have that speak HTTP/1.1 to this port.',
  },
  SLIP_EXPECTATION: {
    what: 'The Expect header asks for something else than 100-continue',
    fix: 'Leave the header out.',
  },
  SLIP_HOST_REFUSED: {
    what: "The Host header '{host}' is not one that this server answers to",
    fix: 'Set publicUrl, or add the name to allowedHosts; a proxy passes on the Host, or X-Forwarded-Host if trustedProxies has its address.',
  },
  SLIP_ORIGIN_REFUSED: {
    what: "The Origin '{origin}' is not allowed",
    fix: 'Add it to allowedOrigins if a browser page of that origin should reach this server.',
  },
  SLIP_MEDIA_TYPE: { what: 'The Content-Type is not application/json', fix: 'Send Content-Type: application/json.' },
  SLIP_HTTP_METHOD: { what: 'The HTTP method {method} is not offered here', fix: 'Send JSON-RPC messages with POST.' },

  // Sessions and streams of the 2025 era.
  SLIP_SESSION_UNKNOWN: {
    what: 'The session is not known: {why}',
    fix: 'Send initialize to begin a new one.',
  },
  SLIP_SESSION_REQUIRED: {
    what: 'The request has no Mcp-Session-Id header',
    fix: 'Send initialize, then repeat the session id of its answer with every request.',
  },
  SLIP_EVENT_UNKNOWN: {
    what: 'The Last-Event-ID is not one of this session',
    fix: 'Send the id of the last event that this session received, or none.',
  },
  SLIP_EVENTS_TRIMMED: {
    what: 'The events after the Last-Event-ID are no longer kept',
    fix: 'Begin again: list what you need anew, and repeat calls that may be repeated.',
  },
  SLIP_CALL_LOST: {
    what: 'The process that answered this request ended before it was done',
    fix: 'Send the request again if it may be repeated.',
  },
  SLIP_STREAM_LIMIT: {
    what: 'As many event streams are open as may be ({limit})',
    fix: 'Close one that is no longer needed, or raise maxSubscriptions.',
  },

  // Clients: what is wrong with a server, or with the way to it.
  SLIP_CLIENT_STATE: {
    what: 'The client is {state}',
    fix: 'Call connect(transport) once before anything else, and make another client for another connection.',
  },
  SLIP_SERVER_TIMEOUT: {
    what: "The server did not answer '{method}' within {ms} ms",
    fix: 'Give it more time, or look at what the server is doing.',
  },
  SLIP_SERVER_CLOSED: {
    what: 'The server is gone: {why}',
    fix: 'Look at what it printed last, and connect again.',
  },
  SLIP_SERVER_ANSWER: {
    what: 'The server answers what is not MCP: {why}',
    fix: 'Check that this is the address of an MCP server; its path is usually /mcp.',
  },
  SLIP_SERVER_UNREACHABLE: {
    what: '{url} can not be reached: {why}',
    fix: 'Check the address, and that the server runs.',
  },
  SLIP_SERVER_TLS: {
    what: 'There is no secure connection to {url}: {why}',
    fix: 'Mend the certificate; one of an authority of your own is trusted with NODE_EXTRA_CA_CERTS=ca.pem.',
  },
  SLIP_SERVER_REDIRECT: {
    what: '{url} redirects to {target} (status {status}), and MCP clients do not follow',
    fix: 'Use that address, or serve this one without a redirect; often it is a missing https: or a slash at the end.',
  },
  SLIP_SERVER_UNAUTHORIZED: {
    what: '{url} wants to know who calls (401): {why}',
    fix: 'Send a valid token: Authorization: Bearer TOKEN.',
  },
  SLIP_SERVER_FORBIDDEN: {
    what: '{url} does not let this caller in (403){why}',
    fix: 'Use a token with the scopes that are asked for; for a refused Host or Origin, see the settings of the server.',
  },
  SLIP_SERVER_STATUS: {
    what: '{url} answers with status {status}{why}',
    fix: 'Check that this is the address of an MCP server; its path is usually /mcp.',
  },
  SLIP_SERVER_NOT_MCP: {
    what: '{why}',
    fix: 'Check that this is the address of an MCP server; its path is usually /mcp.',
  },
  SLIP_SERVER_SESSION: {
    what: '{url} does not know the session any more',
    fix: 'Connect again.',
  },
  SLIP_SERVER_COMMAND: {
    what: "The server can not be started with '{command}': {why}",
    fix: 'Check the command, and that it is installed.',
  },
  SLIP_SERVER_REFUSED: {
    what: 'The server refuses the request: {why} (JSON-RPC error {code})',
    fix: 'Correct the request; if it is right, look into the log of the server.',
  },
  SLIP_SERVER_REVISION: {
    what: 'Client and server have no protocol revision in common; the server speaks {theirs}',
    fix: 'Update the one that is older. This client speaks {ours}.',
  },
  SLIP_SERVER_ROUNDS: {
    what: "The server still asks for input after {rounds} rounds of '{method}'",
    fix: 'Correct the handler: it has to come to an end once it has its answers.',
  },
  SLIP_SERVER_ASKS: {
    what: "The server asks '{method}' before it goes on, and gets no answer: {why}",
    fix: 'Give the client a handler for it, or call with arguments that leave nothing to ask.',
  },
  SLIP_SERVER_LIST: {
    what: "The server's list of {list} can not be read: {why}",
    fix: 'Correct the pagination of the server: each page has its entries, the last one has no nextCursor.',
  },

  // State that outlives a request.
  SLIP_STORE_UNAVAILABLE: {
    what: 'The state store can not be used: {why}',
    fix: 'Look at the disk and the permissions of the state directory; docs/reference/state.md says what still serves.',
  },
  SLIP_STORE_TOO_NEW: {
    what: 'The state store in {directory} was written by a newer release that this one can not share it with',
    fix: 'Start the newer release, or give this one another state directory.',
  },
  SLIP_STATE_DIRECTORY: {
    what: "The state directory '{directory}' can not be used: {why}",
    fix: 'Give a directory that this user owns and may write, or run without one.',
  },

  // Configuration.
  SLIP_CONFIG_INVALID: {
    what: 'The configuration is not valid: {problems}',
    fix: 'See slipway config --help for every key and what it takes.',
  },
  SLIP_SECRET_MISSING: {
    what: "The secret '{name}' can not be had: {why}",
    fix: 'Set the variable, or name a file that holds it in the variable with _FILE at its end.',
  },

  // Command line.
  SLIP_CLI_FILE_MISSING: {
    what: "There is no file '{file}'",
    fix: 'Check the path; it is relative to the current folder.',
  },
  SLIP_CLI_FILE_BROKEN: { what: "'{file}' could not be loaded: {why}", fix: 'Correct the file and start again.' },
  SLIP_CLI_NO_SERVER: {
    what: "'{file}' has no server as its default export",
    fix: 'End it with: export default server (an McpServer, or a function that returns one).',
  },
  SLIP_CLI_PORT_BUSY: {
    what: 'Port {port} on {host} is in use by another program',
    fix: 'Stop that program, or pick another port: for metrics with --admin-port, for MCP with --port.',
  },
  SLIP_CLI_PORT_DENIED: {
    what: 'Listening on {host}:{port} is not permitted',
    fix: 'Use a port above 1023, or an address of this machine.',
  },
  SLIP_SOCKET_ACTIVATION: {
    what: 'The sockets of LISTEN_FDS can not be used: {why}',
    fix: 'Start it by its socket unit (systemctl start NAME.socket), or without LISTEN_FDS; see docs/reference/lifecycle.md.',
  },
  SLIP_INIT_FOLDER: {
    what: "The new server can not go into '{folder}': {why}",
    fix: 'Name a new or an empty folder; with --force, files of the same names are overwritten.',
  },
  SLIP_INIT_NAME: {
    what: "'{name}' can not be the name of the new server: {why}",
    fix: 'Give another one with --name.',
  },
  SLIP_INIT_INSTALL: {
    what: 'The dependencies are not installed: {why}',
    fix: 'The files are in place: run npm install in the folder once that is mended.',
  },
  SLIP_DOCTOR_TARGET: {
    what: "'{target}' can not be examined: {why}",
    fix: 'Give the URL as you would enter it into a client, such as https://mcp.example.com/mcp, or a server file.',
  },
  SLIP_DEPLOY_OUT: {
    what: "The files can not be written into '{folder}': {why}",
    fix: 'Give another folder with --out, or overwrite what is there with --force.',
  },
  SLIP_DEPLOY_SYNTAX: {
    what: "'{file}' can not be read as {kind}: {why}",
    fix: 'Correct that line; nginx -t and systemd-analyze verify say more about it.',
  },
  SLIP_CLI_TARGET: {
    what: '{target} is neither the URL of a server nor a server file{hint}',
    fix: 'Give a URL such as http://127.0.0.1:8087/mcp, or a file that exports a server.',
  },
  SLIP_CLI_INTERRUPTED: { what: 'It was interrupted', fix: 'Start it again.' },
  SLIP_CALL_TOOL: {
    what: "There is no tool '{name}' ({hint})",
    fix: 'slipway list shows the tools with their arguments.',
  },
  SLIP_CALL_ARGUMENT: {
    what: "The argument '{name}' does not fit the tool '{tool}': {why}",
    fix: 'slipway list shows what the tool takes; {name}:=JSON sends a value as it is.',
  },
  SLIP_CALL_INCOMPLETE: {
    what: "The tool '{tool}' also needs {missing}",
    fix: 'Add {first}=VALUE; slipway list shows what the tool takes.',
  },
  SLIP_CALL_ANSWER: {
    what: "The answer '{name}' does not fit the question: {why}",
    fix: 'Give another one with --answer {name}=VALUE.',
  },
  SLIP_CLI_USAGE: { what: '{why}', fix: 'See slipway --help.' },
} as const satisfies Record<string, ErrorEntry>;

export type SlipwayErrorCode = keyof typeof ERRORS;

/** The details that fill the placeholders of an error's text. */
export type ErrorDetails = Readonly<Record<string, string | number>>;

function fill(text: string, details: ErrorDetails): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? '?'));
}

/**
 * An error with a stable code. `message` reads "what happened. What to do. (CODE)"; `what` and `fix` are its two halves.
 *
 * @example
 * throw new SlipwayError('SLIP_DUPLICATE_NAME', { kind: 'tool', name: 'hello' });
 */
export class SlipwayError extends Error {
  override readonly name = 'SlipwayError';
  readonly code: SlipwayErrorCode;
  readonly what: string;
  readonly fix: string;
  readonly details: ErrorDetails;

  constructor(code: SlipwayErrorCode, details: ErrorDetails = {}, options?: ErrorOptions) {
    const what = fill(ERRORS[code].what, details);
    const fix = fill(ERRORS[code].fix, details);
    super(`${what}. ${fix} (${code})`, options);
    this.code = code;
    this.what = what;
    this.fix = fix;
    this.details = details;
  }
}
