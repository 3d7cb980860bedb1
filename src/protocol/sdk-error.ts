/**
 * Errors that stay on this side of the wire, under the official SDK's names and codes, for servers that catch them.
 * Slipway's own are in coded-error.ts.
 */

/** What went wrong, as the official SDK names it. Servers meet the first eight; the others are a client's. */
export const SdkErrorCode = {
  NotConnected: 'NOT_CONNECTED',
  AlreadyConnected: 'ALREADY_CONNECTED',
  NotInitialized: 'NOT_INITIALIZED',
  /** The other side did not declare what a request needs. */
  CapabilityNotSupported: 'CAPABILITY_NOT_SUPPORTED',
  /** No answer came in time. */
  RequestTimeout: 'REQUEST_TIMEOUT',
  ConnectionClosed: 'CONNECTION_CLOSED',
  SendFailed: 'SEND_FAILED',
  /** An answer came, but not in the shape that its method has. */
  InvalidResult: 'INVALID_RESULT',
  UnsupportedResultType: 'UNSUPPORTED_RESULT_TYPE',
  InputRequiredRoundsExceeded: 'INPUT_REQUIRED_ROUNDS_EXCEEDED',
  ListPaginationExceeded: 'LIST_PAGINATION_EXCEEDED',
  MethodNotSupportedByProtocolVersion: 'METHOD_NOT_SUPPORTED_BY_PROTOCOL_VERSION',
  EraNegotiationFailed: 'ERA_NEGOTIATION_FAILED',
  ClientHttpNotImplemented: 'CLIENT_HTTP_NOT_IMPLEMENTED',
  ClientHttpAuthentication: 'CLIENT_HTTP_AUTHENTICATION',
  ClientHttpForbidden: 'CLIENT_HTTP_FORBIDDEN',
  ClientHttpUnexpectedContent: 'CLIENT_HTTP_UNEXPECTED_CONTENT',
  ClientHttpFailedToOpenStream: 'CLIENT_HTTP_FAILED_TO_OPEN_STREAM',
  ClientHttpFailedToTerminateSession: 'CLIENT_HTTP_FAILED_TO_TERMINATE_SESSION',
} as const;

export type SdkErrorCode = (typeof SdkErrorCode)[keyof typeof SdkErrorCode];

/** An error that never crosses the wire; for those that do see `ProtocolError`. */
export class SdkError extends Error {
  override readonly name: string = 'SdkError';
  readonly code: SdkErrorCode;
  readonly data?: unknown;

  constructor(code: SdkErrorCode, message: string, data?: unknown) {
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
}

/** What is known of an HTTP exchange that failed. */
export interface SdkHttpErrorData {
  [key: string]: unknown;
  status: number;
  statusText?: string;
}

/** An HTTP exchange that failed. */
export class SdkHttpError extends SdkError {
  override readonly name: string = 'SdkHttpError';
  declare readonly data: SdkHttpErrorData;

  constructor(code: SdkErrorCode, message: string, data: SdkHttpErrorData) {
    super(code, message, data);
  }

  get status(): number {
    return this.data.status;
  }

  get statusText(): string | undefined {
    return this.data.statusText;
  }
}
