import { type Front, hasHeader, headerMatches } from './front.ts';

export const vercel: Front = {
  name: 'Vercel',
  recognise: headers => hasHeader(headers, 'x-vercel-id') || headerMatches(headers, 'server', /^Vercel$/i),
  snippets: [
    {
      rows: [7],
      language: 'text',
      text: 'Remove trailingSlash from vercel.json: true and false each redirect one form of the path with 308.',
    },
    {
      rows: [12, 13, 17],
      language: 'text',
      text: `Project > Settings > Deployment Protection > Vercel Authentication: off for production.
Project > Firewall > Bot Protection: off, or a rule that bypasses it for the path of the server.`,
    },
    {
      rows: [27, 29, 47],
      language: 'ts',
      text: `// In the route. Functions end after this many seconds, open streams included: refuse GET with 405 (sessions: 'off').
export const maxDuration = 300;`,
    },
  ],
};
