import { McpServer } from 'slipway';
import { registerContentTools, registerNotifyingTools } from './fixture/content-tools.ts';
import { registerSingleRoundTools, registerStatefulRoundTools } from './fixture/input-required-tools.ts';
import { registerPrompts } from './fixture/prompts.ts';
import { registerPushRequestTools } from './fixture/push-request-tools.ts';
import { requestStates } from './fixture/request-state.ts';
import { registerResources } from './fixture/resources.ts';
import { registerSchemaTools } from './fixture/schema-tools.ts';
import { registerListChangeTools, registerStatelessTools } from './fixture/stateless-tools.ts';

/** A server with every tool, resource and prompt that the official conformance suite calls by name. */
export function everythingServer(): McpServer {
  const server = new McpServer(
    { name: 'slipway-everything-server', version: '1.0.0' },
    {
      capabilities: {
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { subscribe: true, listChanged: true },
        completions: {},
        logging: {},
      },
      requestState: { verify: requestStates.verify },
    },
  );

  registerContentTools(server);
  registerNotifyingTools(server);
  registerSchemaTools(server);
  registerPushRequestTools(server);
  registerStatelessTools(server);
  registerSingleRoundTools(server);
  registerStatefulRoundTools(server);
  registerListChangeTools(server);
  registerResources(server);
  registerPrompts(server);
  return server;
}

export default everythingServer();
