import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JSONRPCMessage } from '../../src/protocol/json-rpc.ts';
import {
  deserializeMessage,
  parseJSONRPCMessage,
  ReadBuffer,
  STDIO_DEFAULT_MAX_BUFFER_SIZE,
  serializeMessage,
} from '../../src/server/message-framing.ts';

const first: JSONRPCMessage = { jsonrpc: '2.0', id: 1, method: 'ping' };
const second: JSONRPCMessage = {
  jsonrpc: '2.0',
  method: 'notifications/progress',
  params: { message: 'é\u{1F600}\n' },
};

function drain(buffer: ReadBuffer): JSONRPCMessage[] {
  const messages: JSONRPCMessage[] = [];
  for (let message = buffer.readMessage(); message !== null; message = buffer.readMessage()) messages.push(message);
  return messages;
}

test('a message is one line, and comes back as it was', () => {
  const line = serializeMessage(second);
  assert.equal(line.indexOf('\n'), line.length - 1);
  assert.deepEqual(deserializeMessage(line), second);
});

test('messages arrive whole wherever the stream was cut', () => {
  const bytes = Buffer.from(serializeMessage(first) + serializeMessage(second) + serializeMessage(first));
  for (let size = 1; size <= bytes.length; size++) {
    const buffer = new ReadBuffer();
    const messages: JSONRPCMessage[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      buffer.append(bytes.subarray(at, at + size));
      messages.push(...drain(buffer));
    }
    assert.deepEqual(messages, [first, second, first], `chunks of ${size}`);
  }
});

test('a line may end in CR LF; lines that are not JSON are skipped', () => {
  const buffer = new ReadBuffer();
  buffer.append(
    Buffer.from(`\n\r\nlistening on 3000\n${JSON.stringify(first)}\r\n{broken\n${JSON.stringify(second)}\n`),
  );
  assert.deepEqual(drain(buffer), [first, second]);
});

test('JSON that is no message throws once, and reading goes on behind it', () => {
  const buffer = new ReadBuffer();
  buffer.append(Buffer.from(`{"jsonrpc":"1.0","id":1,"method":"x"}\n${serializeMessage(first)}`));
  assert.throws(() => buffer.readMessage(), TypeError);
  assert.deepEqual(buffer.readMessage(), first);
  assert.equal(buffer.readMessage(), null);
});

test('more bytes than allowed are refused and dropped, and read bytes no longer count', () => {
  const buffer = new ReadBuffer({ maxBufferSize: 100 });
  for (let round = 0; round < 50; round++) {
    buffer.append(Buffer.from(serializeMessage(first)));
    assert.deepEqual(buffer.readMessage(), first);
  }
  buffer.append(Buffer.from('x'.repeat(100)));
  assert.throws(() => buffer.append(Buffer.from('x')), /maximum size of 100 bytes/);
  buffer.append(Buffer.from(serializeMessage(first)));
  assert.deepEqual(buffer.readMessage(), first);
  assert.equal(STDIO_DEFAULT_MAX_BUFFER_SIZE, 10 * 1024 * 1024);
});

test('clearing forgets half a line', () => {
  const buffer = new ReadBuffer();
  buffer.append(Buffer.from('{"half'));
  assert.equal(buffer.readMessage(), null);
  buffer.clear();
  buffer.append(Buffer.from(serializeMessage(first)));
  assert.deepEqual(buffer.readMessage(), first);
});

test('a value that is no JSON-RPC message is refused', () => {
  for (const value of [
    null,
    [],
    {},
    { jsonrpc: '1.0', id: 1, method: 'x' },
    { jsonrpc: '2.0', id: null, method: 'x' },
  ]) {
    assert.throws(() => parseJSONRPCMessage(value), TypeError, JSON.stringify(value));
  }
  assert.equal(parseJSONRPCMessage(first), first);
  assert.throws(() => deserializeMessage('{'), SyntaxError);
});
