/**
 * Origin header checks to call by hand, with the official SDK's names and answers. `serve()` and the endpoint guard
 * themselves: see origin-guard.ts.
 */
import { answerForbidden, forbiddenResponse, type NodeGuard } from './forbidden-answer.ts';
import { passOrigin } from './passed-request.ts';

export type OriginValidationResult =
  | { ok: true; origin?: string; hostname?: string }
  | {
      ok: false;
      errorCode: 'invalid_origin_header' | 'invalid_origin';
      message: string;
      originHeader?: string;
      hostname?: string;
    };

/**
 * Checks an Origin header against a list of host names, whatever the scheme and port. A request without one passes, as
 * only browsers send it; an opaque or unreadable one (`null`) never does.
 *
 * @param allowedOriginHostnames - host names without scheme and port; IPv6 in brackets (`[::1]`). `moz-extension://*`
 * and the like stand for every origin of a scheme that is not a website's: Firefox gives an extension a new id on every
 * install.
 */
export function validateOriginHeader(
  originHeader: string | null | undefined,
  allowedOriginHostnames: string[],
): OriginValidationResult {
  if (!originHeader) return { ok: true };
  const { hostname, protocol } = URL.parse(originHeader) ?? {};
  if (!hostname) {
    const message = `Invalid Origin header: ${originHeader}`;
    return { ok: false, errorCode: 'invalid_origin_header', message, originHeader };
  }
  const isWebsite = protocol === 'http:' || protocol === 'https:';
  const isListed =
    allowedOriginHostnames.includes(hostname) || (!isWebsite && allowedOriginHostnames.includes(`${protocol}//*`));
  if (isListed) return { ok: true, origin: originHeader, hostname };
  return { ok: false, errorCode: 'invalid_origin', message: `Invalid Origin: ${hostname}`, originHeader, hostname };
}

/** The names of the machine itself, for {@link validateOriginHeader}. */
export function localhostAllowedOrigins(): string[] {
  return ['localhost', '127.0.0.1', '[::1]'];
}

/** The 403 to answer a request whose Origin is not in the list, or undefined when it may proceed. */
export function originValidationResponse(request: Request, allowedOriginHostnames: string[]): Response | undefined {
  const result = validateOriginHeader(request.headers.get('origin'), allowedOriginHostnames);
  if (!result.ok) return forbiddenResponse(result.message);
  passOrigin(request);
  return undefined;
}

/**
 * A check for node:http: true when the request may proceed; false when it was answered 403 already.
 *
 * @param allowedOriginHostnames - host names without scheme and port
 */
export function originValidation(allowedOriginHostnames: string[]): NodeGuard {
  return (request, response) => {
    const result = validateOriginHeader(request.headers.origin, allowedOriginHostnames);
    if (!result.ok) return answerForbidden(response, result.message);
    passOrigin(request);
    return true;
  };
}

/** {@link originValidation} for the names of the machine itself. */
export function localhostOriginValidation(): NodeGuard {
  return originValidation(localhostAllowedOrigins());
}
