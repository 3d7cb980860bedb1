import { type Front, hasHeader, headerMatches } from './front.ts';

const language = 'yaml';

export const envoy: Front = {
  name: 'Envoy',
  recognise: headers =>
    headerMatches(headers, 'server', /^(istio-)?envoy$/i) || hasHeader(headers, 'x-envoy-upstream-service-time'),
  snippets: [
    {
      rows: [7, 9, 11],
      language,
      text: `- match: { prefix: / }
  route: { cluster: mcp }`,
    },
    {
      rows: [27, 28],
      language,
      text: `route:
  cluster: mcp
  timeout: 0s
  idle_timeout: 3600s`,
    },
  ],
};
