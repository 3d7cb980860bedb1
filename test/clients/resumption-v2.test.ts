import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { type Connect, MAX_RETRIES } from './resuming-client.ts';
import { resumptionTests } from './resumption.ts';

const connect: Connect = async ({ url, answer }) => {
  const client = new Client(
    { name: 'v2', version: '1.0.0' },
    { versionNegotiation: { mode: 'legacy' }, capabilities: answer ? { elicitation: { form: {} } } : {} },
  );
  const numbers: number[] = [];
  const updated: string[] = [];
  const asked: string[] = [];
  client.setNotificationHandler('notifications/message', ({ params }) => {
    numbers.push((params.data as { number: number }).number);
  });
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => void updated.push(params.uri));
  if (answer !== undefined) {
    client.setRequestHandler('elicitation/create', async ({ params }) => {
      asked.push(params.message);
      return { action: 'accept', content: { word: await answer() } };
    });
  }
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    reconnectionOptions: {
      initialReconnectionDelay: 40,
      maxReconnectionDelay: 200,
      reconnectionDelayGrowFactor: 1.2,
      maxRetries: MAX_RETRIES,
    },
  });
  await client.connect(transport);
  return {
    get sessionId() {
      return transport.sessionId;
    },
    numbers,
    updated,
    asked,
    call: async (name, args) => {
      const { content } = await client.callTool({ name, arguments: { ...args } });
      return (content as { text: string }[])[0]!.text;
    },
    subscribe: async uri => void (await client.subscribeResource({ uri })),
    close: () => client.close(),
  };
};

resumptionTests(connect);
