/** Rules on connections to the server, and on the streams that come back. */
import type { Rule } from '../../finding.ts';
import { hostOf, type NginxConfiguration } from '../configuration.ts';
import { inPasses, placeOf, secondsOf } from '../site-rule.ts';
import { snippetFor } from '../snippet.ts';
import { isAtLeast, KEEPS_CONNECTIONS } from '../version.ts';

/** Seconds for which a server that stops still answers on connections that are open (SLIPWAY_LAME_DUCK_MS). */
const LAME_DUCK = 5;

/** Seconds that a call may take (SLIPWAY_REQUEST_TIMEOUT_MS), with or without events before its answer. */
const CALL = 300;

export const STREAM_RULES: readonly Rule<NginxConfiguration>[] = [
  {
    id: 'nginx-buffering',
    severity: 'fault',
    what: 'nginx collects answers before it passes them on',
    why: 'The events of a stream arrive late, or all at its end: clients hang. Only the X-Accel-Buffering header of the server may prevent that, where it sends one.',
    fix: snippetFor(25),
    find: inPasses(({ scope, proxyPass }) => {
      return scope.flag('proxy_buffering') === 'off' ? undefined : placeOf(scope.one('proxy_buffering') ?? proxyPass);
    }),
  },
  {
    id: 'nginx-cache',
    severity: 'fault',
    what: 'Answers are kept in a cache',
    why: 'One caller gets what was meant for another.',
    fix: 'proxy_cache off;',
    find: inPasses(({ scope }) => {
      const set = scope.one('proxy_cache');
      return set === undefined || set.args[0] === 'off' ? undefined : placeOf(set);
    }),
  },
  {
    id: 'nginx-compression',
    severity: 'fault',
    what: 'Nothing keeps streams from being compressed',
    why: 'gzip holds events back until it has enough of them. It is on in the nginx.conf of Debian and others, and its list of types is somewhere else.',
    fix: snippetFor(26),
    find: inPasses(({ scope, proxyPass }) => {
      return scope.flag('gzip') === 'off' ? undefined : placeOf(scope.one('gzip') ?? proxyPass);
    }),
  },
  {
    id: 'nginx-chunked',
    severity: 'fault',
    what: 'Chunked transfer is turned off',
    why: 'An answer without a length, as every stream is, then ends with its connection in HTTP/1.1: clients can not tell its end from a cut, and connections are not kept.',
    fix: 'Remove chunked_transfer_encoding off;',
    find: inPasses(({ scope }) => {
      const isOff = scope.flag('chunked_transfer_encoding') === 'off';
      return isOff ? placeOf(scope.one('chunked_transfer_encoding')!) : undefined;
    }),
  },
  {
    id: 'nginx-http-version',
    severity: 'fault',
    what: 'nginx speaks HTTP/{detail} to the server',
    why: 'HTTP/1.0 has no chunks and keeps no connections: each request pays for a new one, and a stream that is cut looks complete.',
    fix: snippetFor(31),
    find: inPasses(({ scope, proxyPass }, _server, { version }) => {
      const set = scope.one('proxy_http_version');
      if (set === undefined) {
        const detail = `1.0 (the default before ${KEEPS_CONNECTIONS})`;
        return isAtLeast(version, KEEPS_CONNECTIONS) ? undefined : placeOf(proxyPass, detail);
      }
      return set.args[0] === '1.0' ? placeOf(set, '1.0') : undefined;
    }),
  },
  {
    id: 'nginx-connection-header',
    severity: 'fault',
    what: "The server is told 'Connection: {detail}'",
    why: 'It ends the connection after each answer, so none is kept.',
    fix: 'proxy_set_header Connection "";',
    find: inPasses(({ scope, proxyPass }, _server, { version }) => {
      const set = scope.proxyHeader('Connection');
      if (set === undefined) {
        return isAtLeast(version, KEEPS_CONNECTIONS) ? undefined : placeOf(proxyPass, 'close');
      }
      return set.args[1] === '' ? undefined : placeOf(set, set.args[1] ?? '');
    }),
  },
  {
    id: 'nginx-keepalive',
    severity: 'fault',
    what: 'Connections to the server are not kept',
    why: 'Each request opens a new one: slower, and under load the machine runs out of ports.',
    fix: 'upstream mcp_server { server 127.0.0.1:8087; keepalive 64; keepalive_timeout 4s; } and proxy_pass http://mcp_server;',
    find: inPasses((pass, _server, configuration) => {
      const upstream = configuration.upstreamOf(pass);
      // A name without a port that no block defines may be an upstream of another file.
      const { args } = pass.proxyPass;
      if (upstream === undefined) return /^\w+:\/\/[a-z]\w*$/.test(args[0] ?? '') ? undefined : placeOf(pass.proxyPass);
      return upstream.own('keepalive').length > 0 ? undefined : placeOf(upstream.directives[0] ?? pass.proxyPass);
    }),
  },
  {
    id: 'nginx-keepalive-time',
    severity: 'fault',
    what: 'Idle connections to the server are kept for {detail}',
    why: `A server that stops answers on them for ${LAME_DUCK} s more (SLIPWAY_LAME_DUCK_MS). A call that is sent on one just then is lost, because nginx sends no call twice.`,
    fix: 'keepalive_timeout 4s; in the upstream block',
    find: inPasses((pass, _server, configuration) => {
      const upstream = configuration.upstreamOf(pass);
      const [kept] = upstream?.own('keepalive') ?? [];
      if (upstream === undefined || kept === undefined) return undefined;
      const [set] = upstream.own('keepalive_timeout');
      const seconds = set === undefined ? 60 : (secondsOf(set.args[0] ?? '') ?? 60);
      return seconds < LAME_DUCK ? undefined : placeOf(set ?? kept, set?.args[0] ?? '60s (the default)');
    }),
  },
  {
    id: 'nginx-localhost',
    severity: 'fault',
    what: 'The server is looked for at localhost',
    why: 'The name may mean ::1 first, where nobody listens: every other request fails or waits.',
    fix: 'server 127.0.0.1:8087;',
    find: inPasses((pass, _server, configuration) => {
      const servers = configuration.upstreamOf(pass)?.own('server') ?? [];
      const named = servers.filter(({ args: [address = ''] }) => /^localhost(:|$)/.test(address));
      if (named.length > 0) return named.map(directive => placeOf(directive));
      return hostOf(pass.proxyPass) === 'localhost' ? placeOf(pass.proxyPass) : undefined;
    }),
  },
  {
    id: 'nginx-read-timeout',
    severity: 'fault',
    what: 'A server that is silent for {detail} is given up',
    why: `A call may take ${CALL} s, and a stream be silent for longer: clients see 504, or a stream that is cut. The comments of the server prevent that only where it sends any.`,
    fix: snippetFor(27),
    find: inPasses(({ scope, proxyPass }) => {
      const set = scope.one('proxy_read_timeout');
      const seconds = set === undefined ? 60 : (secondsOf(set.args[0] ?? '') ?? 60);
      return seconds >= CALL ? undefined : placeOf(set ?? proxyPass, set?.args[0] ?? '60s (the default)');
    }),
  },
];
