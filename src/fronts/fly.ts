import { type Front, hasHeader, headerMatches } from './front.ts';

export const fly: Front = {
  name: 'Fly.io',
  recognise: headers => hasHeader(headers, 'fly-request-id') || headerMatches(headers, 'server', /^Fly\//i),
  snippets: [
    {
      rows: [46],
      language: 'toml',
      text: `[http_service]
  auto_stop_machines = "off"
  min_machines_running = 1`,
    },
    {
      rows: [27, 28],
      language: 'text',
      text: 'Connections that are silent for 60 s end. Have the server send a comment every 15 s (keepAliveMs).',
    },
  ],
};
