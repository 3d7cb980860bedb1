import { type Front, hasHeader } from './front.ts';

export const render: Front = {
  name: 'Render',
  recognise: headers => hasHeader(headers, 'x-render-origin-server', 'rndr-id'),
  snippets: [
    {
      rows: [46],
      language: 'text',
      text: 'A free instance sleeps after 15 minutes and takes about a minute to wake up. Take a paid instance type.',
    },
  ],
};
