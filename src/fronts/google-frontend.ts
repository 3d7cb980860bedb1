import { type Front, headerMatches } from './front.ts';

export const googleFrontend: Front = {
  name: 'Google Front End',
  recognise: headers =>
    headerMatches(headers, 'server', /^Google Frontend$/i) || headerMatches(headers, 'via', /^1\.1 google$/i),
  snippets: [
    {
      rows: [27, 28, 47],
      language: 'sh',
      text: `# Cloud Run: up to an hour for an answer, 300 s without this.
gcloud run services update mcp-server --timeout 3600`,
    },
    {
      rows: [46],
      language: 'sh',
      text: 'gcloud run services update mcp-server --min-instances 1 --cpu-boost',
    },
  ],
};
