import { type Front, hasHeader } from './front.ts';

export const ngrok: Front = {
  name: 'ngrok',
  recognise: (headers, body) =>
    hasHeader(headers, 'ngrok-error-code', 'ngrok-agent-ips') || /\bERR_NGROK_\d+\b/.test(body),
  snippets: [
    {
      rows: [10, 13],
      language: 'text',
      text: 'ERR_NGROK_6024 is a page for browsers on free accounts: it is left out for clients that are none, such as Claude.',
    },
    { rows: [19], language: 'sh', text: 'ngrok http 8087 --host-header=rewrite' },
  ],
};
