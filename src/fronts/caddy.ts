import { type Front, headerMatches } from './front.ts';

const language = 'caddyfile';

export const caddy: Front = {
  name: 'Caddy',
  recognise: headers => headerMatches(headers, 'server', /^Caddy\b/i) || headerMatches(headers, 'via', /\bCaddy\b/i),
  snippets: [
    {
      rows: [7, 9, 11],
      language,
      text: `# For all paths, and without handle_path, which takes the path away.
mcp.example.com {
	reverse_proxy 127.0.0.1:8087
}`,
    },
    {
      rows: [19],
      language,
      text: `reverse_proxy 127.0.0.1:8087 {
	header_up Host {http.request.host}
}`,
    },
    {
      rows: [23],
      language,
      text: `request_body {
	max_size 4MiB
}`,
    },
    {
      rows: [25],
      language,
      text: `reverse_proxy 127.0.0.1:8087 {
	flush_interval -1
}`,
    },
    {
      rows: [26],
      language,
      text: `# encode for other paths only, if at all.
@others not path / /mcp /mcp/*
encode @others zstd gzip`,
    },
    {
      rows: [86, 87, 88, 89],
      language,
      text: `# Remove header Access-Control-...: the server sends these itself. Where it can not, let Caddy be the only one:
reverse_proxy 127.0.0.1:8087 {
	header_down -Access-Control-Allow-Origin
}`,
    },
  ],
};
