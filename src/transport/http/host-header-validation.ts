/**
 * Host header checks to call by hand, with the official SDK's names and answers, for servers that mount the handler in
 * an HTTP server of their own. `serve()` and the endpoint guard themselves: see host-guard.ts.
 */
import { answerForbidden, forbiddenResponse, type NodeGuard } from './forbidden-answer.ts';
import { passHost } from './passed-request.ts';

export type HostHeaderValidationResult =
  | { ok: true; hostname: string }
  | {
      ok: false;
      errorCode: 'missing_host' | 'invalid_host_header' | 'invalid_host';
      message: string;
      hostHeader?: string;
      hostname?: string;
    };

/** What a URL would read as its end or as credentials, and a Host header never has. */
const NOT_IN_A_HOST = /[/?#@\\\s]/;

function hostnameOf(hostHeader: string): string | undefined {
  if (NOT_IN_A_HOST.test(hostHeader)) return undefined;
  return URL.parse(`http://${hostHeader}`)?.hostname;
}

/**
 * Checks a Host header against a list of host names, whatever the port.
 *
 * @param hostHeader - the header's value, with or without a port
 * @param allowedHostnames - host names without ports; IPv6 in brackets (`[::1]`)
 */
export function validateHostHeader(
  hostHeader: string | null | undefined,
  allowedHostnames: string[],
): HostHeaderValidationResult {
  if (!hostHeader) return { ok: false, errorCode: 'missing_host', message: 'Missing Host header' };
  const hostname = hostnameOf(hostHeader);
  if (hostname === undefined) {
    const message = `Invalid Host header: ${hostHeader}`;
    return { ok: false, errorCode: 'invalid_host_header', message, hostHeader };
  }
  if (allowedHostnames.includes(hostname)) return { ok: true, hostname };
  return { ok: false, errorCode: 'invalid_host', message: `Invalid Host: ${hostname}`, hostHeader, hostname };
}

/** The names of the machine itself, for {@link validateHostHeader}. */
export function localhostAllowedHostnames(): string[] {
  return ['localhost', '127.0.0.1', '[::1]'];
}

/** The 403 to answer a request whose Host is not in the list, or undefined when it may proceed. */
export function hostHeaderValidationResponse(request: Request, allowedHostnames: string[]): Response | undefined {
  const result = validateHostHeader(request.headers.get('host'), allowedHostnames);
  if (!result.ok) return forbiddenResponse(result.message);
  passHost(request);
  return undefined;
}

/**
 * A check for node:http: true when the request may proceed; false when it was answered 403 already.
 *
 * @param allowedHostnames - host names without ports
 */
export function hostHeaderValidation(allowedHostnames: string[]): NodeGuard {
  return (request, response) => {
    const result = validateHostHeader(request.headers.host, allowedHostnames);
    if (!result.ok) return answerForbidden(response, result.message);
    passHost(request);
    return true;
  };
}

/** {@link hostHeaderValidation} for the names of the machine itself. */
export function localhostHostValidation(): NodeGuard {
  return hostHeaderValidation(localhostAllowedHostnames());
}
