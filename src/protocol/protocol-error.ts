/** Errors that a client sees as JSON-RPC errors (MCP 2026-07-28, basic, Error Codes). */
import type { ClientCapabilities } from './capability.ts';
import type { ElicitRequestURLParams } from './elicitation.ts';
import type {
  INTERNAL_ERROR,
  INVALID_PARAMS,
  INVALID_REQUEST,
  JSONRPCErrorObject,
  METHOD_NOT_FOUND,
  PARSE_ERROR,
} from './json-rpc.ts';
import { isPlainObject } from './json-rpc.ts';

/** A header and the body of a modern HTTP request do not agree, or the header is missing (basic/transports). */
export const HEADER_MISMATCH = -32020;

/** The codes that JSON-RPC and MCP define. */
export const ProtocolErrorCode = {
  ParseError: -32700,
  InvalidRequest: -32600,
  MethodNotFound: -32601,
  InvalidParams: -32602,
  InternalError: -32603,
  /** Older servers used it for a resource that does not exist; today that is `InvalidParams`. Never sent. */
  ResourceNotFound: -32002,
  /** The request needs a capability that the client did not declare. */
  MissingRequiredClientCapability: -32021,
  /** The revision of the request is not spoken here. */
  UnsupportedProtocolVersion: -32022,
  /** Revision 2025-11-25 only: the user must visit a page first. */
  UrlElicitationRequired: -32042,
} as const;

export type ProtocolErrorCode = (typeof ProtocolErrorCode)[keyof typeof ProtocolErrorCode];

export type ParseError = JSONRPCErrorObject & { code: typeof PARSE_ERROR };
export type InvalidRequestError = JSONRPCErrorObject & { code: typeof INVALID_REQUEST };
export type MethodNotFoundError = JSONRPCErrorObject & { code: typeof METHOD_NOT_FOUND };
export type InvalidParamsError = JSONRPCErrorObject & { code: typeof INVALID_PARAMS };
export type InternalError = JSONRPCErrorObject & { code: typeof INTERNAL_ERROR };

/** The `data` of a -32021 error: only what is missing. */
export interface MissingRequiredClientCapabilityErrorData {
  requiredCapabilities: ClientCapabilities;
}

/** The `data` of a -32022 error. */
export interface UnsupportedProtocolVersionErrorData {
  supported: string[];
  requested: string;
}

/** An error with a JSON-RPC code: `code`, `message` and `data` reach the client as they are. */
export class ProtocolError extends Error {
  override readonly name: string = 'ProtocolError';
  readonly code: number;
  readonly data?: unknown;

  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }

  /** Whether `value` is an instance of the class that this is called on. */
  static isInstance<T extends abstract new (...args: never[]) => unknown>(
    this: T,
    value: unknown,
  ): value is InstanceType<T> {
    // biome-ignore lint/complexity/noThisInStatic: the point is the class that it is called on, subclasses included
    return value instanceof this;
  }

  /** The most specific error class for what came over the wire. */
  static fromError(code: number, message: string, data?: unknown): ProtocolError {
    if (!isPlainObject(data)) return new ProtocolError(code, message, data);
    switch (code) {
      case ProtocolErrorCode.UrlElicitationRequired:
        if (Array.isArray(data['elicitations'])) return new UrlElicitationRequiredError(data['elicitations'], message);
        break;
      case ProtocolErrorCode.UnsupportedProtocolVersion: {
        const { supported, requested } = data;
        if (Array.isArray(supported) && typeof requested === 'string')
          return new UnsupportedProtocolVersionError({ supported, requested }, message);
        break;
      }
      case ProtocolErrorCode.MissingRequiredClientCapability:
        if (isPlainObject(data['requiredCapabilities']))
          return new MissingRequiredClientCapabilityError(
            { requiredCapabilities: data['requiredCapabilities'] as ClientCapabilities },
            message,
          );
        break;
      case ProtocolErrorCode.InvalidParams:
        // Exactly `{ uri }` is a missing resource; with anything more it is some other complaint about the parameters.
        if (typeof data['uri'] === 'string' && Object.keys(data).length === 1)
          return new ResourceNotFoundError(data['uri'], message);
        break;
      case ProtocolErrorCode.ResourceNotFound:
        if (typeof data['uri'] === 'string') return new ResourceNotFoundError(data['uri'], message);
        break;
    }
    return new ProtocolError(code, message, data);
  }
}

/** The resource does not exist: -32602 with exactly `{ uri }` as its data (server/resources, Error Handling). */
export class ResourceNotFoundError extends ProtocolError {
  constructor(uri: string, message: string = `Resource not found: ${uri}`) {
    super(ProtocolErrorCode.InvalidParams, message, { uri });
  }

  /** The URI that was asked for. */
  get uri(): string {
    return (this.data as { uri: string }).uri;
  }
}

/** The user must visit a page before the request can succeed: -32042, revision 2025-11-25 only (client/elicitation). */
export class UrlElicitationRequiredError extends ProtocolError {
  constructor(
    elicitations: ElicitRequestURLParams[],
    message: string = `URL elicitation${elicitations.length > 1 ? 's' : ''} required`,
  ) {
    super(ProtocolErrorCode.UrlElicitationRequired, message, { elicitations });
  }

  get elicitations(): ElicitRequestURLParams[] {
    return (this.data as { elicitations: ElicitRequestURLParams[] }).elicitations;
  }
}

/** The revision of the request is not spoken here: -32022 (basic/versioning). */
export class UnsupportedProtocolVersionError extends ProtocolError {
  constructor(
    data: UnsupportedProtocolVersionErrorData,
    message: string = `Unsupported protocol version: ${data.requested}`,
  ) {
    super(ProtocolErrorCode.UnsupportedProtocolVersion, message, data);
  }

  /** The revisions to choose from. */
  get supported(): string[] {
    return (this.data as UnsupportedProtocolVersionErrorData).supported;
  }

  /** The revision that the client asked for. */
  get requested(): string {
    return (this.data as UnsupportedProtocolVersionErrorData).requested;
  }
}

/** The request needs capabilities that the client did not declare: -32021, over HTTP with status 400. */
export class MissingRequiredClientCapabilityError extends ProtocolError {
  constructor(
    data: MissingRequiredClientCapabilityErrorData,
    message: string = `Missing required client capabilities: ${Object.keys(data.requiredCapabilities).join(', ')}`,
  ) {
    super(ProtocolErrorCode.MissingRequiredClientCapability, message, data);
  }

  /** What the client would have to declare. */
  get requiredCapabilities(): ClientCapabilities {
    return (this.data as MissingRequiredClientCapabilityErrorData).requiredCapabilities;
  }
}
