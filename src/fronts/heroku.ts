import { type Front, headerMatches } from './front.ts';

export const heroku: Front = {
  name: 'Heroku',
  recognise: headers =>
    headerMatches(headers, 'via', /\b(vegur|heroku-router)\b/i) || headerMatches(headers, 'server', /^Heroku$/i),
  snippets: [
    {
      rows: [27, 28, 47],
      language: 'text',
      text: `The router ends an answer whose first byte takes 30 s, and one that is silent for 55 s after that (H12, H15). Have the
server begin its stream sooner and send comments: streamAfterMs 10000, keepAliveMs 15000.`,
    },
  ],
};
