import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client as SdkClient } from '@modelcontextprotocol/client';
import { McpServer as SdkServer, type Transport as SdkTransport } from '@modelcontextprotocol/server';
import { SlipwayError } from '../../src/protocol/coded-error.ts';
import type { JSONRPCMessage } from '../../src/protocol/json-rpc.ts';
import { InMemoryTransport } from '../../src/server/in-memory-transport.ts';

const note = (number: number): JSONRPCMessage => ({ jsonrpc: '2.0', method: 'notifications/test', params: { number } });
const isNotConnected = (error: unknown): boolean =>
  error instanceof SlipwayError && error.code === 'SLIP_NOT_CONNECTED';

test('each end receives what the other sends, as it is, with the caller', async () => {
  const [client, server] = InMemoryTransport.createLinkedPair();
  const heard: [string, unknown, unknown][] = [];
  client.onmessage = (message, extra) => heard.push(['client', message, extra?.authInfo]);
  server.onmessage = (message, extra) => heard.push(['server', message, extra?.authInfo]);
  await Promise.all([client.start(), server.start()]);
  const [question, answer] = [note(1), note(2)];
  const authInfo = { token: 't', clientId: 'c', scopes: ['s'] };
  await client.send(question, { authInfo });
  await server.send(answer);
  assert.equal(heard.length, 2);
  assert.deepEqual(heard, [
    ['server', question, authInfo],
    ['client', answer, undefined],
  ]);
  assert.equal(heard[0]?.[1], question);
});

test('what arrives before the start waits, and nothing overtakes it', async () => {
  const [client, server] = InMemoryTransport.createLinkedPair();
  const heard: JSONRPCMessage[] = [];
  await client.send(note(1));
  await client.send(note(2));
  server.onmessage = message => heard.push(message);
  await client.send(note(3));
  assert.deepEqual(heard, []);
  await server.start();
  assert.deepEqual(heard, [note(1), note(2), note(3)]);
  await client.send(note(4));
  assert.deepEqual(heard.at(-1), note(4));
});

test('an answer sent from within a callback arrives', async () => {
  const [client, server] = InMemoryTransport.createLinkedPair();
  const heard: JSONRPCMessage[] = [];
  client.onmessage = message => heard.push(message);
  server.onmessage = () => void server.send(note(2));
  await Promise.all([client.start(), server.start()]);
  await client.send(note(1));
  assert.deepEqual(heard, [note(2)]);
});

test('closing one end closes both, once; then nothing can be sent', async () => {
  const [client, server] = InMemoryTransport.createLinkedPair();
  const closed: string[] = [];
  client.onclose = () => closed.push('client');
  server.onclose = () => closed.push('server');
  await client.close();
  await client.close();
  await server.close();
  assert.deepEqual(closed.sort(), ['client', 'server']);
  await assert.rejects(client.send(note(1)), isNotConnected);
  await assert.rejects(server.send(note(1)), isNotConnected);
  await assert.rejects(new InMemoryTransport().send(note(1)), isNotConnected);
});

test('client and server of the official SDK talk over it', async () => {
  const [clientTransport, serverTransport] = InMemoryTransport.createLinkedPair();
  const server = new SdkServer({ name: 'peer', version: '1.0.0' });
  server.registerTool('hello', {}, () => ({ content: [{ type: 'text', text: 'Hello!' }] }));
  const client = new SdkClient({ name: 'test', version: '1.0.0' });
  await server.connect(serverTransport as SdkTransport);
  await client.connect(clientTransport as SdkTransport);
  const { content } = await client.callTool({ name: 'hello' });
  assert.deepEqual(content, [{ type: 'text', text: 'Hello!' }]);
  await client.close();
});
