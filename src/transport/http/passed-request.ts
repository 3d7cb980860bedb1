/**
 * Requests that a check called by hand (`hostHeaderValidation(...)`, `originValidation(...)`) has let pass. The endpoint
 * does not refuse again what its author has allowed there: one list of names is enough.
 */
const hosts = new WeakSet<object>();
const origins = new WeakSet<object>();

/** @param request the object that will reach the endpoint: a node:http message or a web Request */
export function passHost(request: object): void {
  hosts.add(request);
}

/** @param request the object that will reach the endpoint: a node:http message or a web Request */
export function passOrigin(request: object): void {
  origins.add(request);
}

export function hasPassedHost(request: object): boolean {
  return hosts.has(request);
}

export function hasPassedOrigin(request: object): boolean {
  return origins.has(request);
}
