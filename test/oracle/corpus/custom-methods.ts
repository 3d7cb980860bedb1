import type { Exchange } from '../exchange.ts';
import { legacy, modern } from './message.ts';

/** Methods of an application, and methods that nobody knows (2026-07-28, basic/transports/streamable-http). */
export const customMethods: readonly Exchange[] = [
  modern('a custom method', 'acme/reverse', { text: 'abc' }),
  modern('a custom method with a string id', 'acme/reverse', { text: 'abc' }, { id: 'r' }),
  modern('a custom method with bad params', 'acme/reverse', { text: 5 }, { class: 'bad-params' }),
  modern('a custom method without params', 'acme/reverse', {}, { class: 'bad-params' }),
  modern('a custom method that fails with its own code', 'acme/fails', {}, { class: 'handler-error' }),
  modern('a custom method of another server', 'acme/reverse', { text: 'abc' }, { server: 'bare', class: 'bad-method' }),
  modern('an unknown method', 'acme/unknown', {}, { class: 'bad-method' }),
  modern('an unknown method named like a property of objects', 'constructor', {}, { class: 'bad-method' }),
  modern('an unknown method in the space of tools', 'tools/none', {}, { class: 'bad-method' }),
  modern('a method in another case', 'Tools/List', {}, { class: 'bad-method' }),
  modern('a method of the client', 'sampling/createMessage', { messages: [], maxTokens: 1 }, { class: 'bad-method' }),
  modern(
    'a method of the tasks extension',
    'tasks/get',
    { taskId: 't' },
    {
      class: 'bad-method',
      headers: { 'Mcp-Name': 't' },
    },
  ),
  modern('a notification sent as a request', 'notifications/cancelled', { requestId: 1 }, { class: 'bad-method' }),
  legacy('a legacy custom method', 'acme/reverse', { text: 'abc' }),
  legacy('a legacy custom method with bad params', 'acme/reverse', {}, { class: 'bad-params' }),
  legacy('a legacy custom method that fails with its own code', 'acme/fails', {}, { class: 'handler-error' }),
  legacy('an unknown legacy method', 'acme/unknown', {}, { class: 'bad-method' }),
  legacy('an unknown legacy method of 2025-03-26', 'acme/unknown', {}, { class: 'bad-method', version: '2025-03-26' }),
  legacy('a legacy method of the client', 'roots/list', {}, { class: 'bad-method' }),
  legacy('a legacy method of tasks', 'tasks/list', {}, { class: 'bad-method' }),
];
