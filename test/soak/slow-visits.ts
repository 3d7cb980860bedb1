/** Readers that are slower than the server, and senders that are slower than it would like. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { postBytes, RawConnection } from '../support/raw-connection.ts';
import { type Caller, textOf } from './caller.ts';
import { assertCounted, toolCall } from './modern-visits.ts';
import type { Visit } from './visit.ts';

/** More than the system's buffers for one connection hold, so that the server feels it. */
const FLOOD = { events: 120, ballast: 64 * 1024, pauseMs: 0 };
const withProgress = { meta: { progressToken: 'p' } };

/** Takes its time, and gets everything. */
async function slowReader(caller: Caller): Promise<void> {
  const mark = caller.mark();
  const call = toolCall(caller, 'flood', { mark, ...FLOOD, waits: true }, withProgress);
  assertCounted(await (await caller.stream(call, 2)).rest(), mark, FLOOD.events);
}

/** A connection that is written to and never read. */
async function unread(caller: Caller, bytes: string): Promise<Socket> {
  const socket = connect(caller.parts.port, '127.0.0.1');
  caller.signal.addEventListener('abort', () => socket.destroy());
  socket.on('error', () => {});
  await once(socket, 'connect', { signal: caller.signal });
  caller.parts.tally.requests++;
  socket.write(bytes);
  return socket;
}

/** Stands still before a handler that waits for it, and leaves. */
async function standingReader(caller: Caller): Promise<void> {
  const call = toolCall(caller, 'flood', { mark: caller.mark(), ...FLOOD, waits: true }, withProgress);
  const socket = await unread(caller, postBytes(call));
  await caller.hold();
  socket.resetAndDestroy();
}

/** Stands still before a handler that does not wait: the server has to end it, and nobody else may suffer. */
async function floodedReader(caller: Caller): Promise<void> {
  const call = toolCall(caller, 'flood', { mark: caller.mark(), ...FLOOD, waits: false }, withProgress);
  const socket = await unread(caller, postBytes(call));
  await caller.wait(1_000);
  socket.destroy();
}

/** Leaves an answer that is written already, unread. */
async function unreadAnswer(caller: Caller): Promise<void> {
  const call = toolCall(caller, 'large', { mark: caller.mark(), characters: 6_000_000 });
  const socket = await unread(caller, postBytes(call));
  await caller.hold();
  socket.destroy();
}

/** Sends its body in pieces, and is answered. */
async function slowSender(caller: Caller): Promise<void> {
  const mark = caller.mark();
  const call = toolCall(caller, 'echo', { mark });
  const bytes = postBytes(call);
  const connection = await RawConnection.open(caller.parts.port);
  caller.signal.addEventListener('abort', () => connection.close());
  caller.parts.tally.requests++;
  for (let at = 0; at < bytes.length; at += 200) {
    connection.write(bytes.slice(at, at + 200));
    await caller.wait(caller.between(0, 30));
  }
  const { status, body } = await connection.answer();
  assert.equal(status, 200, body);
  assert.equal(textOf(JSON.parse(body)), mark);
}

/** Breaks off in the middle of a request: in its head, or in its body. */
async function brokenSender(caller: Caller): Promise<void> {
  const bytes = postBytes(toolCall(caller, 'echo', { mark: 'x'.repeat(20_000) }));
  const socket = await unread(caller, bytes.slice(0, caller.between(1, bytes.length - 1)));
  await caller.wait(caller.between(0, 50));
  socket.resetAndDestroy();
}

export const SLOW_VISITS: readonly Visit[] = [
  { name: 'slow reader', perSecond: 0.5, run: slowReader },
  { name: 'reader that stands still', perSecond: 0.5, run: standingReader },
  { name: 'reader that is flooded', perSecond: 0.3, run: floodedReader },
  { name: 'answer left unread', perSecond: 0.3, run: unreadAnswer },
  { name: 'slow sender', perSecond: 2, run: slowSender },
  { name: 'sender that breaks off', perSecond: 6, run: brokenSender },
];
