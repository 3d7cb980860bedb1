/** A server of Slipway behind real nginx, both configured as `slipway deploy` has it. */
import type { TestContext } from 'node:test';
import { type McpServer, type RunningServer, type ServeOptions, serve, silentLogger } from 'slipway';
import { DOMAIN, NginxSite, type SiteOptions } from './nginx-site.ts';
import { fetchThrough } from './tls-fetch.ts';

export const PUBLIC_URL = `https://${DOMAIN}/mcp`;

/** As the generated unit sets it. */
export const SERVICE_OPTIONS: ServeOptions = {
  publicUrl: `https://${DOMAIN}`,
  allowedHosts: [DOMAIN],
  trustedProxies: ['loopback'],
};

export interface Behind {
  readonly running: RunningServer;
  readonly site: NginxSite;
  readonly fetch: typeof fetch;
}

export async function behindNginx(
  t: TestContext,
  mcp: McpServer,
  server: ServeOptions = {},
  site: Partial<SiteOptions> = {},
): Promise<Behind> {
  const running = await serve(mcp, { port: 0, logger: silentLogger, ...SERVICE_OPTIONS, ...server });
  t.after(() => running.close({ graceMs: 0, lameDuckMs: 0 }));
  const nginx = await NginxSite.running({ backend: `127.0.0.1:${running.port}`, ...site });
  t.after(() => nginx[Symbol.asyncDispose]());
  return { running, site: nginx, fetch: fetchThrough(nginx) };
}
