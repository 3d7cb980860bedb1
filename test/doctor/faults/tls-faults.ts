import { type AddressInfo, createServer } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import type { HealthyOptions } from '../kit/healthy-server.ts';
import { healthyServer } from '../kit/healthy-server.ts';
import { type PlantedFault, planted } from '../kit/planted-fault.ts';
import { type IdentityOptions, THROW_AWAY } from '../kit/throw-away-ca.ts';

const HOST = 'mcp.example.com';
const DAY_MS = 86_400_000;

const base: HealthyOptions = { public: {} };

/** The healthy server with another certificate. */
function certified(options: IdentityOptions, hosts: readonly string[] = [HOST]): HealthyOptions {
  return { public: { identity: THROW_AWAY.identity(hosts, options) } };
}

/** Something else than a TLS server of today where the healthy one would be. */
function instead(name: string, listen: () => { server: ReturnType<typeof createServer> }): PlantedFault {
  return {
    row: 4,
    name,
    start: async faulty => {
      const running = await healthyServer(base);
      if (!faulty) return running;
      const { server } = listen();
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const [rule] = running.doctor.connectTo!;
      return {
        ...running,
        doctor: { ...running.doctor, connectTo: [{ ...rule!, toPort: port }] },
        close: async () => {
          await new Promise(resolve => server.close(resolve));
          await running.close();
        },
      };
    },
  };
}

function tlsServer(options: TlsOptions) {
  const { key, chain } = THROW_AWAY.identity([HOST]);
  const server = createTlsServer({ key, cert: chain, ...options }, socket => socket.destroy());
  server.on('tlsClientError', () => {});
  return { server };
}

export const TLS_FAULTS: readonly PlantedFault[] = [
  instead('a reset instead of a handshake', () => ({
    server: createServer(socket => {
      socket.on('error', () => {});
      socket.once('data', () => socket.resetAndDestroy());
    }),
  })),
  instead('a closed connection instead of a handshake', () => ({
    server: createServer(socket => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end());
    }),
  })),
  instead('http on the port of https', () => ({
    server: createServer(socket => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'));
    }),
  })),
  instead('TLS 1.1 and nothing newer', () =>
    tlsServer({ minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
  ),
  instead('HTTP/2 and nothing else', () => tlsServer({ ALPNProtocols: ['h2'] })),
  planted(
    4,
    'an expired certificate',
    certified({ notBefore: new Date(Date.now() - 90 * DAY_MS), notAfter: new Date(Date.now() - DAY_MS) }),
    { base },
  ),
  planted(4, 'a certificate of tomorrow', certified({ notBefore: new Date(Date.now() + DAY_MS) }), { base }),
  planted(4, 'a certificate for another name', certified({}, ['other.example.com']), { base }),
  planted(4, 'a certificate that is signed by itself', certified({ selfSigned: true }), { base }),
  planted(4, "an authority of somebody's own", certified({ withoutIntermediate: true, withoutIssuerPlace: true }), {
    base,
  }),
  planted(5, 'no intermediate certificate', certified({ withoutIntermediate: true }), { base }),
];
