import { z } from 'zod';
import { AUTHORED, ICON, type Library, type OracleServer } from './servers.ts';

const STYLES = Array.from({ length: 120 }, (_, index) => `style-${index}`);

/** Prompts with and without arguments, one that asks back, and prompts that fail. */
export function registerPrompts(server: OracleServer, library: Library): void {
  const { completable, inputRequired } = library;
  server.registerPrompt('plain', { title: 'Plain', description: 'Without arguments.', icons: [ICON] }, () => ({
    messages: [{ role: 'user', content: { type: 'text', text: 'Say something.' } }],
  }));
  server.registerPrompt(
    'greet',
    {
      description: 'Greets.',
      argsSchema: z.object({
        name: z.string().describe('Whom to greet'),
        style: completable(z.string(), value => STYLES.filter(style => style.startsWith(value))).optional(),
        town: completable(z.string(), (value, context) => [
          `${value}@${context?.arguments?.['name'] ?? 'nobody'}`,
        ]).optional(),
      }),
    },
    ({ name, style }) => ({
      description: 'A greeting',
      messages: [
        { role: 'user', content: { type: 'text', text: `Greet ${name}${style === undefined ? '' : ` in ${style}`}` } },
        { role: 'assistant', content: { type: 'image', data: 'iVBORw0KGgo=', mimeType: 'image/png' } },
        { role: 'user', content: { type: 'resource', resource: { uri: 'config://app', text: 'embedded' } } },
      ],
    }),
  );
  server.registerPrompt('ask', {}, () =>
    inputRequired({
      inputRequests: {
        tone: inputRequired.elicit({
          message: 'Which tone?',
          requestedSchema: { type: 'object', properties: { tone: { type: 'string' } } },
        }),
      },
    }),
  );
  server.registerPrompt('throws', {}, () => {
    throw new Error(`${AUTHORED} a detail that only the operator should read`);
  });
  server.registerPrompt('refuses', {}, () => {
    throw new library.ProtocolError(-32602, `${AUTHORED} refused by the handler`, { why: 'closed' });
  });
  server
    .registerPrompt('off', {}, () => ({ messages: [{ role: 'user', content: { type: 'text', text: 'no' } }] }))
    .disable();
}
