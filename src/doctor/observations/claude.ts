/**
 * Both probes of Claude's hosted runtime, as observed on the wire in the autumn of 2026. The first comes while a connector
 * is registered, the second when it is used.
 */
import { bareUrl, type Examination } from '../examination.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { observation } from '../observation.ts';
import { mcpPost, type Voice } from './mcp-post.ts';
import { isThrough } from './passage.ts';

/** `/mcp/` for `/mcp` and `/mcp/`; undefined for the root. */
function slashedUrl(url: URL): URL | undefined {
  const slashed = bareUrl(url);
  if (slashed.pathname === '/') return undefined;
  slashed.pathname += '/';
  return slashed;
}

export const LEGACY_REVISION = '2025-11-25';

/** Discovery, `/register` and `/token` come in this voice as well. */
export const CLAUDE_DISCOVERY: Voice = {
  userAgent: 'python-httpx/0.28.1',
  accept: '*/*',
  revision: LEGACY_REVISION,
};

export const CLAUDE_RUNTIME: Voice = {
  userAgent: 'Claude-User',
  accept: 'application/json, text/event-stream',
};

/** No client that anybody has a rule for. */
export const NEUTRAL: Voice = {
  userAgent: 'slipway-doctor',
  accept: 'application/json, text/event-stream',
};

/** The `initialize` of the first probe, with its members in the order in which they travel: 158 bytes. */
export const DISCOVERY_INITIALIZE = {
  method: 'initialize',
  params: {
    protocolVersion: LEGACY_REVISION,
    capabilities: {},
    clientInfo: { name: 'Anthropic', version: '1.0.0' },
  },
  jsonrpc: '2.0',
  id: 1,
} as const;

/** The `initialize` of the second probe: 254 bytes. */
export const RUNTIME_INITIALIZE = {
  method: 'initialize',
  params: {
    protocolVersion: LEGACY_REVISION,
    capabilities: { extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html;profile=mcp-app'] } } },
    clientInfo: { name: 'Anthropic/ClaudeAI', version: '1.0.0' },
  },
  jsonrpc: '2.0',
  id: 0,
} as const;

/** The first probe; Claude sends it without a token. */
export const discoveryProbe = observation(examination =>
  mcpPost(examination, {
    message: DISCOVERY_INITIALIZE,
    voice: CLAUDE_DISCOVERY,
    credentials: examination.hasCredentials,
  }),
);

function secondProbe(examination: Examination, url: URL): Promise<Exchange> {
  return mcpPost(examination, { message: RUNTIME_INITIALIZE, voice: CLAUDE_RUNTIME, url });
}

/** The second probe as the first request of a run: it may find the server asleep. */
export const firstContact = observation(examination => secondProbe(examination, bareUrl(examination.entered)));

/** The second probe to the URL as Claude writes it; asked again where the first was not answered in time. */
export const bareForm = observation(async (examination): Promise<Exchange> => {
  const first = await firstContact(examination);
  if (first.failure?.phase !== 'answer' || first.failure.code !== 'TIMEOUT') return first;
  const again = await secondProbe(examination, bareUrl(examination.entered));
  return again.response === undefined ? first : again;
});

/** The same to the form with a slash; undefined for the root, which has one form only. */
export const slashedForm = observation(async (examination): Promise<Exchange | undefined> => {
  const url = slashedUrl(examination.entered);
  return url === undefined ? undefined : secondProbe(examination, url);
});

/**
 * The second probe, with the credentials given. Where Claude's form of the URL leads nowhere and the entered one does, all
 * that follows is asked there: there is more to be seen.
 */
export const runtimeProbe = observation(async (examination): Promise<Exchange> => {
  const { entered } = examination;
  const bare = await bareForm(examination);
  if (entered.pathname === bareUrl(entered).pathname || bare.response === undefined) return bare;
  if (isThrough(bare, RUNTIME_INITIALIZE.id)) return bare;
  const slashed = await slashedForm(examination);
  if (slashed === undefined || !isThrough(slashed, RUNTIME_INITIALIZE.id)) return bare;
  examination.takeEntered();
  return slashed;
});

/** The second probe without any credentials: how the server asks for sign-in. */
export const anonymousProbe = observation(examination =>
  examination.hasCredentials
    ? mcpPost(examination, { message: RUNTIME_INITIALIZE, voice: CLAUDE_RUNTIME, credentials: false })
    : runtimeProbe(examination),
);

/** The second probe as nobody in particular: what differs is what the edge has against Claude. */
export const neutralProbe = observation(examination =>
  mcpPost(examination, { message: RUNTIME_INITIALIZE, voice: NEUTRAL }),
);
