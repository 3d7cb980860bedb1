/**
 * Does nothing: Slipway has no schemas of its own to build before the first request. It is here so that a server which
 * warms up the official SDK runs unchanged.
 */
export function preloadSchemas(): void {}
