import { type Front, hasHeader, headerMatches } from './front.ts';

export const railway: Front = {
  name: 'Railway',
  recognise: headers =>
    hasHeader(headers, 'x-railway-request-id', 'x-railway-edge') || headerMatches(headers, 'server', /^railway-/i),
  snippets: [
    {
      rows: [46],
      language: 'toml',
      text: `[deploy]
sleepApplication = false`,
    },
  ],
};
