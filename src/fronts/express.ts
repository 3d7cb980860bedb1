import { type Front, headerMatches } from './front.ts';

const language = 'js';

export const express: Front = {
  name: 'Express',
  recognise: (headers, body) =>
    headerMatches(headers, 'x-powered-by', /^Express\b/i) || /<pre>Cannot (GET|POST|DELETE|OPTIONS) \//.test(body),
  snippets: [
    {
      rows: [7, 9],
      language,
      text: `// Not 'strict routing', and no redirect: both forms reach the handler.
app.all(['/', '/mcp'], handler);`,
    },
    { rows: [23], language, text: "app.use(express.json({ limit: '4mb' }));" },
    {
      rows: [25, 26],
      language,
      text: `app.use(compression({
  filter: (req, res) => !/event-stream/.test(String(res.getHeader('Content-Type'))) && compression.filter(req, res),
}));`,
    },
    {
      rows: [51, 86, 87, 88, 89],
      language,
      text: `// Once, and before what asks for a sign-in.
app.use(cors({
  origin: ['https://claude.ai', 'https://claude.com'],
  methods: ['GET', 'POST', 'DELETE'],
  allowedHeaders: ['Content-Type', 'Accept', 'Authorization', 'MCP-Protocol-Version', 'Mcp-Method', 'Mcp-Name',
    'Mcp-Session-Id', 'Last-Event-ID'],
  exposedHeaders: ['WWW-Authenticate', 'Mcp-Session-Id', 'MCP-Protocol-Version', 'Retry-After'],
}));`,
    },
    {
      rows: [30],
      language,
      text: "app.get('/mcp', (req, res) => res.status(405).set('Allow', 'POST, OPTIONS').end());",
    },
    { rows: [57], language, text: "app.set('trust proxy', 'loopback');" },
    { rows: [74], language, text: 'app.use(express.urlencoded({ extended: false }));' },
  ],
};
