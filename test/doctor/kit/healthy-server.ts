/** A server without a fault, or with the one that is planted, listening on a loopback port. */
import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { DoctorOptions } from '../../../src/doctor/doctor.ts';
import { type DnsZone, startDns } from './dns-server.ts';
import { type Fault, type FixtureRequest, type RawFault, readRequest, writeAnswer } from './fixture-request.ts';
import { type Era, healthyMcp, TOOLS } from './healthy-mcp.ts';
import { healthyOauth } from './healthy-oauth.ts';
import type { Running } from './running.ts';
import { type Identity, THROW_AWAY } from './throw-away-ca.ts';

/** A public address that nobody connects to: `connectTo` leads to the loopback port. */
const PUBLIC_ADDRESS = '52.84.1.1';

export interface HealthyOptions {
  readonly fault?: Fault | undefined;
  readonly raw?: RawFault | undefined;
  /** Default: `/mcp`. */
  readonly path?: string;
  /** What the user enters; default: the path. */
  readonly entered?: string;
  readonly tools?: readonly object[];
  /** Default: both. */
  readonly era?: Era;
  /** With sign-in, by an authorization server on the same origin. Default: none. */
  readonly oauth?: boolean;
  /**
   * A public name, https on port 443 as far as the doctor sees, and a name server that knows it. Default: plain http on
   * 127.0.0.1, which is a few milliseconds faster.
   */
  readonly public?: {
    /** Default: `mcp.example.com`. */
    readonly host?: string;
    /** Default: one public A record. */
    readonly zone?: DnsZone;
    /** Default: a certificate for the host with its full chain. */
    readonly identity?: Identity;
    /** Default: https. */
    readonly scheme?: 'http' | 'https';
    /** In the URL; default: none. */
    readonly port?: number;
  };
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** @returns its URL, with what the doctor needs to get there */
export async function healthyServer(options: HealthyOptions = {}): Promise<Running> {
  const { path = '/mcp', entered = path, tools = TOOLS, era, fault, raw, oauth = false } = options;
  const scheme = options.public === undefined ? 'http' : (options.public.scheme ?? 'https');
  const host = options.public?.host ?? 'mcp.example.com';
  const requests: FixtureRequest[] = [];
  let connections = 0;
  const counted = new WeakMap<object, number>();

  const healthy = (request: FixtureRequest) =>
    (oauth ? healthyOauth(request, path) : undefined) ??
    healthyMcp(request, { path, tools, era }) ?? {
      status: 404,
      headers: { 'Content-Type': 'text/plain' },
      body: 'Not Found',
    };

  const onRequest: Parameters<typeof createServer>[1] = async (incoming, response) => {
    if (raw?.(incoming, response) === true) return;
    // Who has left before the end of its request is not answered.
    const request = await readRequest(incoming, scheme, counted.get(incoming.socket) ?? 0).catch(() => undefined);
    if (request === undefined) return;
    requests.push(request);
    const answer = await (fault?.(request, async () => healthy(request)) ?? healthy(request));
    await writeAnswer(response, answer).catch(() => response.destroy());
  };
  const identity = options.public?.identity ?? THROW_AWAY.identity([host]);
  const server =
    scheme === 'http'
      ? createServer(onRequest)
      : (createSecureServer({ key: identity.key, cert: identity.chain }, onRequest) as Server);
  server.on(scheme === 'http' ? 'connection' : 'secureConnection', socket => counted.set(socket, ++connections));
  server.on('tlsClientError', () => {});
  const port = await listening(server);
  const close = async () => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  };
  if (options.public === undefined) {
    return { url: `http://127.0.0.1:${port}${entered}`, doctor: { allowPrivate: true }, requests, close };
  }
  const dns = await startDns(options.public.zone ?? { [host]: { A: [PUBLIC_ADDRESS] } });
  const doctor: Partial<DoctorOptions> = {
    dns: dns.address,
    ca: THROW_AWAY.root,
    connectTo: [{ host, port: undefined, toHost: '127.0.0.1', toPort: port }],
  };
  const shown = options.public.port === undefined ? '' : `:${options.public.port}`;
  return {
    url: `${scheme}://${host}${shown}${entered}`,
    doctor,
    requests,
    close: async () => {
      dns.close();
      await close();
    },
  };
}
