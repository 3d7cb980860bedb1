import { type Front, headerMatches } from './front.ts';

const language = 'apache';

export const apache: Front = {
  name: 'Apache',
  recognise: headers => headerMatches(headers, 'server', /^Apache\b(?!-?(coyote|tomcat))/i),
  snippets: [
    {
      rows: [7, 9, 11],
      language,
      text: `ProxyPass        / http://127.0.0.1:8087/
ProxyPassReverse / http://127.0.0.1:8087/`,
    },
    { rows: [19], language, text: 'ProxyPreserveHost On' },
    { rows: [23], language, text: 'LimitRequestBody 4194304' },
    {
      rows: [24],
      language,
      text: '# For CGI and FastCGI, which get no Authorization otherwise.\nCGIPassAuth On',
    },
    { rows: [25], language, text: 'ProxyPass / http://127.0.0.1:8087/ flushpackets=on' },
    { rows: [26], language, text: 'SetEnvIf Request_URI "^/(mcp/?)?$" no-gzip=1' },
    { rows: [27, 28], language, text: 'ProxyTimeout 3600' },
    {
      rows: [86, 87, 88, 89],
      language,
      text: '# The server sends these headers itself.\nHeader always unset Access-Control-Allow-Origin',
    },
  ],
};
