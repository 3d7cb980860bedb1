import { AUTHORED, ICON, type Library, type OracleServer } from './servers.ts';

const COLOURS = ['red', 'green', 'blue'];

/** Fixed resources, templates with a list and with completion, and resources that fail. */
export function registerResources(server: OracleServer, library: Library): void {
  server.registerResource(
    'app-config',
    'config://app',
    { title: 'Configuration', description: 'The configuration.', mimeType: 'application/json', icons: [ICON] },
    uri => ({ contents: [{ uri: uri.href, mimeType: 'application/json', text: '{"debug":false}' }] }),
  );
  server.registerResource(
    'blob',
    'data://blob',
    { mimeType: 'application/octet-stream', cacheHint: { ttlMs: 60_000, cacheScope: 'public' } },
    uri => ({ contents: [{ uri: uri.href, mimeType: 'application/octet-stream', blob: 'AAEC/w==' }] }),
  );
  server.registerResource('broken', 'config://broken', {}, () => {
    throw new Error(`${AUTHORED} the store is down`);
  });
  server.registerResource('gone', 'config://gone', {}, uri => {
    throw new library.ResourceNotFoundError(uri.href);
  });
  server.registerResource('refused', 'config://refused', {}, () => {
    throw new library.ProtocolError(-32602, `${AUTHORED} refused by the handler`, { why: 'closed' });
  });
  server.registerResource('off', 'config://off', {}, uri => ({ contents: [{ uri: uri.href, text: 'no' }] })).disable();
  server.registerResource(
    'paint',
    new library.ResourceTemplate('paint://{colour}', {
      list: () => ({ resources: COLOURS.map(name => ({ uri: `paint://${name}`, name })) }),
      complete: { colour: value => COLOURS.filter(colour => colour.startsWith(value)) },
    }),
    { title: 'Paint', mimeType: 'text/plain' },
    (uri, { colour }) => ({ contents: [{ uri: uri.href, mimeType: 'text/plain', text: `Paint ${String(colour)}` }] }),
  );
  server.registerResource(
    'record',
    new library.ResourceTemplate('record://{table}/{+key}', { list: undefined }),
    { description: 'One record.', icons: [ICON] },
    (uri, variables) => ({ contents: [{ uri: uri.href, text: JSON.stringify(variables) }] }),
  );
}
