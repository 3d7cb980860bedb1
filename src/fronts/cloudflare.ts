import { type Front, hasHeader, headerMatches } from './front.ts';

const language = 'text';

export const cloudflare: Front = {
  name: 'Cloudflare',
  recognise: headers =>
    hasHeader(headers, 'cf-ray', 'cf-mitigated') || headerMatches(headers, 'server', /^cloudflare$/i),
  snippets: [
    {
      rows: [8],
      language,
      text: 'SSL/TLS > Edge Certificates > Always Use HTTPS: On. It redirects with 301, so publish the https URL.',
    },
    {
      rows: [12, 13, 14, 15, 21],
      language,
      text: `Security > WAF > Custom rules > Create rule
  If   (http.host eq "mcp.example.com" and ip.src in {160.79.104.0/21})
  Then Skip: all remaining custom rules, rate limiting rules, managed rules, Super Bot Fight Mode
Security > Bots: Bot Fight Mode can not be skipped by a rule; turn it off for the zone.`,
    },
    {
      rows: [16],
      language,
      text: `Security > WAF > Rate limiting rules: exempt 160.79.104.0/21, from where all users of Claude come, and limit
callers in the server (rateLimitPerPrincipal).`,
    },
    {
      rows: [17],
      language,
      text: `Zero Trust > Access > Applications: remove the application of this host name, or turn on Managed OAuth for it.
MCP clients do not follow a redirect to a sign-in page.`,
    },
    {
      rows: [25, 26],
      language,
      text: `Rules > Compression Rules > Create rule
  If   (http.host eq "mcp.example.com")
  Then Disable compression
The server sends Cache-Control: no-cache, no-transform on streams.`,
    },
    {
      rows: [27, 28],
      language,
      text: `An answer that is silent for 100 to 125 s ends with 524. Have the server send a comment every 15 s (keepAliveMs), or
answer GET with 405.`,
    },
  ],
};
