/** A release desk that asks people before it acts: forms, links, sealed state between rounds, for both eras. */

import {
  acceptedContent,
  type CallToolResult,
  createMcpHandler,
  createRequestStateCodec,
  type InputRequiredResult,
  type InputResponseView,
  inputRequired,
  inputResponse,
  isInputRequiredResult,
  McpServer,
  ProtocolError,
  type RequestStateCodec,
  type ServerOptions,
  type Transport,
  UrlElicitationRequiredError,
} from 'slipway';
import * as z from 'zod';

type Answer = CallToolResult | InputRequiredResult;

const codec: RequestStateCodec<{ step: string; scope?: string }> = createRequestStateCodec({
  key: 'a key of at least thirty-two bytes, for tests only',
  ttlSeconds: 60,
  bind: ctx => `${ctx.mcpReq.method} ${ctx.http?.authInfo?.clientId ?? ''}`,
});

const refusals: string[] = [];
let legacyShim = true;

const Confirmation = z.object({ confirm: z.boolean().meta({ title: 'Confirm deployment' }) });
const Details = z.object({
  mail: z.email(),
  when: z.iso.date().optional(),
  size: z.number().min(1).max(9).default(3),
  color: z.enum(['red', 'green']),
  days: z.array(z.enum(['mon', 'tue', 'wed'])).max(2),
});

function text(value: string): CallToolResult {
  return { content: [{ type: 'text', text: value }] };
}

const confirmForm = {
  type: 'object' as const,
  properties: { confirm: { type: 'boolean' as const, title: 'Sure?', default: false } },
  required: ['confirm'],
};

function build(): McpServer {
  const options: ServerOptions = {
    requestState: { verify: codec.verify },
    inputRequired: { maxRounds: 3, roundTimeoutMs: 5_000, legacyShim },
  };
  const server = new McpServer({ name: 'approvals', version: '1.0.0' }, options);
  server.server.onerror = error => refusals.push(error.name);

  server.registerTool(
    'deploy',
    { inputSchema: z.object({ env: z.string() }) },
    async ({ env }, ctx): Promise<Answer> => {
      const confirmed = acceptedContent(ctx.mcpReq.inputResponses, 'confirm', Confirmation);
      if (confirmed?.confirm === true) return text(`Deployed to ${env}`);
      const confirm = inputRequired.elicit({ message: `Deploy to ${env}?`, requestedSchema: Confirmation });
      return inputRequired({ inputRequests: { confirm } });
    },
  );

  server.registerTool('tag', {}, async (ctx): Promise<Answer> => {
    const view: InputResponseView = inputResponse(ctx.mcpReq.inputResponses, 'confirm');
    if (view.kind === 'elicit' && view.action !== 'accept')
      return { ...text(`Not tagged: ${view.action}`), isError: true };
    if (view.kind === 'elicit') return text(`Tagged: ${JSON.stringify(view.content)}`);
    const dropped = ctx.mcpReq.droppedInputResponseKeys?.join() ?? 'none';
    const confirm = inputRequired.elicit({ message: `Tag? (dropped: ${dropped})`, requestedSchema: confirmForm });
    return inputRequired({ inputRequests: { confirm } });
  });

  server.registerTool('details', {}, async (ctx): Promise<Answer> => {
    const details = acceptedContent(ctx.mcpReq.inputResponses, 'details', Details);
    if (details !== undefined) return text(JSON.stringify(details));
    const asked = inputRequired.elicit({ mode: 'form', message: 'Details?', requestedSchema: Details });
    return inputRequired({ inputRequests: { details: asked } });
  });

  server.registerTool('provision', {}, async (ctx): Promise<Answer> => {
    const name = acceptedContent<{ name: string }>(ctx.mcpReq.inputResponses, 'name');
    const region = acceptedContent<{ region: string }>(ctx.mcpReq.inputResponses, 'region');
    if (name !== undefined && region !== undefined) return text(`Provisioned ${name.name} in ${region.region}`);
    const ask = (field: string) =>
      inputRequired.elicit({
        message: `Which ${field}?`,
        requestedSchema: { type: 'object', properties: { [field]: { type: 'string' } }, required: [field] },
      });
    return inputRequired({
      inputRequests: { ...(name ? {} : { name: ask('name') }), ...(region ? {} : { region: ask('region') }) },
    });
  });

  // Rounds in sequence: what the first proved travels, sealed, in the state.
  server.registerTool('wipe', {}, async (ctx): Promise<Answer> => {
    const state = ctx.mcpReq.requestState<{ step: string }>();
    if (state?.step === 'confirmed') {
      const scope = acceptedContent<{ scope: string }>(ctx.mcpReq.inputResponses, 'scope');
      return text(`Wiped ${scope?.scope ?? 'all'}`);
    }
    const confirmed = acceptedContent<{ confirm: boolean }>(ctx.mcpReq.inputResponses, 'confirm');
    if (confirmed?.confirm !== true) {
      const confirm = inputRequired.elicit({ message: 'Really?', requestedSchema: confirmForm });
      return inputRequired({ inputRequests: { confirm } });
    }
    const scope = inputRequired.elicit({
      message: 'Which scope?',
      requestedSchema: { type: 'object', properties: { scope: { type: 'string', maxLength: 20 } } },
    });
    return inputRequired({
      inputRequests: { scope },
      requestState: await codec.mint({ step: 'confirmed' }, ctx),
    });
  });

  server.registerTool('later', {}, async (ctx): Promise<Answer> => {
    const state = ctx.mcpReq.requestState<{ step: string }>();
    if (state !== undefined) return text(`Came back with ${state.step}`);
    return inputRequired({ requestState: await codec.mint({ step: 'waited' }, ctx) });
  });

  server.registerTool('link-account', {}, async (ctx): Promise<Answer> => {
    const view = inputResponse(ctx.mcpReq.inputResponses, 'signin');
    if (view.kind === 'elicit') return text(`Sign-in: ${view.action}`);
    const signin = inputRequired.elicitUrl({ message: 'Sign in', url: 'https://approvals.example/login' });
    const answer = inputRequired({ inputRequests: { signin } });
    return isInputRequiredResult(answer) ? answer : text('never');
  });

  server.registerTool('old-link', {}, () => {
    throw new UrlElicitationRequiredError([
      { mode: 'url', message: 'Sign in', url: 'https://approvals.example/login', elicitationId: 'login-1' },
    ]);
  });

  server.registerTool('stubborn', {}, (): Answer => {
    const again = inputRequired.elicit({ message: 'Again?', requestedSchema: confirmForm });
    return inputRequired({ inputRequests: { again } });
  });

  server.registerTool('misuse', {}, () => {
    const problems: string[] = [];
    for (const attempt of [
      () => inputRequired({}),
      () => inputRequired.elicit({ message: 'x', requestedSchema: z.object({ deep: z.object({}) }) }),
      () => inputRequired.elicit({ message: 'x', requestedSchema: z.object({ p: z.string().regex(/^a$/) }) }),
      () => createRequestStateCodec({ key: 'short' }),
    ]) {
      try {
        attempt();
        problems.push('accepted');
      } catch (error) {
        problems.push((error as Error).constructor.name);
      }
    }
    return text(problems.join());
  });

  server.registerResource('secret', 'approvals://secret', {}, async (uri, ctx) => {
    const view = inputResponse(ctx.mcpReq.inputResponses, 'allow');
    if (view.kind === 'elicit' && view.action === 'accept')
      return { contents: [{ uri: uri.href, text: 'the secret' }] };
    if (view.kind === 'elicit') throw new ProtocolError(-31_000, 'Nobody allowed it');
    const allow = inputRequired.elicit({ message: 'Show it?', requestedSchema: confirmForm });
    return inputRequired({ inputRequests: { allow } });
  });
  return server;
}

export async function connect(transport: Transport): Promise<void> {
  await build().connect(transport);
}

export const handler = createMcpHandler(build);

export const actions = {
  refusals: () => refusals.splice(0).length > 0,
  shim: (on: boolean) => void (legacyShim = on),
};
