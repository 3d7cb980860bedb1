/** Rows whose cause is nginx, with nginx itself in front of the healthy server. */
import { missing } from '../../lifecycle/programs.ts';
import { type HealthyOptions, healthyServer } from '../kit/healthy-server.ts';
import { behindNginx, type NginxLines, STREAMS } from '../kit/nginx-front.ts';
import type { PlantedFault } from '../kit/planted-fault.ts';
import { streaming } from '../kit/streaming-server.ts';

interface Lines {
  /** What is wrong with the configuration. */
  readonly faulty: NginxLines;
  /** And without. */
  readonly healthy?: NginxLines;
  readonly behind?: HealthyOptions;
  readonly doctor?: PlantedFault['doctor'];
}

function inNginx(row: number, name: string, { faulty, healthy = {}, behind = {}, doctor }: Lines): PlantedFault {
  const start = async (isFaulty: boolean) => behindNginx(await healthyServer(behind), isFaulty ? faulty : healthy);
  return { row, name: `nginx: ${name}`, skip: missing('nginx'), start, ...(doctor !== undefined && { doctor }) };
}

const QUICK = { limits: { firstEventMs: 150 } };
const PASS = 'proxy_pass http://$upstream; proxy_set_header Host $http_host;';

const BUFFERED = 'proxy_http_version 1.1; proxy_set_header Connection "";';
const GZIP = `gzip on; gzip_min_length 0; gzip_proxied any; gzip_http_version 1.0; gzip_types text/event-stream;`;

/** As Envoy and other servers do, to which HTTP/1.0 is no HTTP. */
const NO_HTTP_1_0: HealthyOptions = {
  raw: ({ httpVersion }, response) => {
    if (httpVersion !== '1.0') return false;
    response.writeHead(426, { Upgrade: 'HTTP/1.1', Connection: 'Upgrade' }).end();
    return true;
  },
};

/** A host that answers http with a redirect to https, where the same server is. */
function redirectingHttp(): PlantedFault {
  const host = 'mcp.example.com';
  const start = async (faulty: boolean) => {
    const secure = await healthyServer({ public: {} });
    if (!faulty) return secure;
    const plain = await behindNginx(secure, { server: `server_name ${host}; return 301 https://$host$request_uri;` });
    const { port } = new URL(plain.url);
    const toNginx = { host, port: 80, toHost: '127.0.0.1', toPort: Number(port) };
    return { ...plain, url: `http://${host}/mcp`, doctor: { ...secure.doctor, connectTo: [toNginx] } };
  };
  return { row: 8, name: 'nginx: return 301 https://$host$request_uri', skip: missing('nginx'), start };
}

export const NGINX_FAULTS: readonly PlantedFault[] = [
  inNginx(7, 'a location that ends in a slash', { faulty: { server: `location /mcp/ { ${PASS} ${STREAMS} }` } }),
  redirectingHttp(),
  inNginx(23, 'client_max_body_size as it is by itself', {
    faulty: { location: `${STREAMS} client_max_body_size 1m;` },
    doctor: { write: true },
  }),
  inNginx(24, 'Authorization is cleared', {
    faulty: { location: `${STREAMS} proxy_set_header Authorization "";` },
    behind: { oauth: true },
  }),
  inNginx(25, 'buffering and HTTP/1.0 as they are by themselves, GET stream', {
    faulty: { location: '' },
    behind: { fault: streaming() },
    doctor: QUICK,
  }),
  inNginx(25, 'buffering and HTTP/1.0 as they are by themselves, subscription', {
    faulty: { location: '' },
    behind: { fault: streaming({ listens: true }) },
    doctor: QUICK,
  }),
  inNginx(26, 'gzip_types with text/event-stream', {
    faulty: {
      http: GZIP,
    },
    behind: { fault: streaming({ answersAreStreams: true }) },
    doctor: QUICK,
  }),
  inNginx(26, 'gzip and buffering, subscription', {
    faulty: { http: GZIP, location: BUFFERED },
    behind: { fault: streaming({ listens: true }) },
    doctor: QUICK,
  }),
  inNginx(28, 'buffering keeps the header of a stream without a first byte', {
    faulty: { location: BUFFERED },
    behind: { fault: streaming({ stream: [], listens: true }) },
    doctor: QUICK,
  }),
  inNginx(27, 'proxy_read_timeout shorter than what the server is silent for', {
    faulty: { location: `${STREAMS} proxy_read_timeout 120ms;` },
    behind: { fault: streaming() },
    doctor: { write: true, limits: { firstEventMs: 80, holdMs: 400 } },
  }),
  inNginx(31, 'chunked_transfer_encoding off', {
    faulty: { location: `${STREAMS} chunked_transfer_encoding off;` },
    behind: { fault: streaming({ answersAreStreams: true }) },
    doctor: QUICK,
  }),
  inNginx(31, 'HTTP/1.0 to the server, as it is by itself', {
    faulty: { location: 'proxy_buffering off;' },
    behind: NO_HTTP_1_0,
  }),
  inNginx(89, 'add_header beside what the server sends', {
    faulty: { location: `${STREAMS} add_header Access-Control-Allow-Origin * always;` },
  }),
];
