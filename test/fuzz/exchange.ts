/** Sends one input over a socket of its own and collects what comes back. */
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { FuzzInput } from './generate.ts';
import { type HttpAnswer, readAnswers } from './http-answer.ts';

/** Longer silence than this is a hang. */
export const HANG_MS = 2000;

/** How long an answer to something that is no whole request may take before this side says that nothing more follows. */
const GIVE_UP_MS = 150;

/** Between packets, so that they arrive as such. */
const PACKET_PAUSE_MS = 2;

export type Ending = 'answered' | 'closed' | 'hung' | 'unreachable';

export interface Exchange {
  readonly ending: Ending;
  readonly answers: readonly HttpAnswer[];
  /** Why the bytes that came back are no HTTP. */
  readonly fault: string | undefined;
  /** Whether the connection was closed in the middle of an answer. */
  readonly isCutOff: boolean;
}

/** A stream that stays open by its nature has begun as it should: with the acknowledgement of its subscription. */
function isOpenSubscription(answer: HttpAnswer | undefined): boolean {
  return answer?.body.includes('"notifications/subscriptions/acknowledged"') === true && answer.body.includes('\n\n');
}

export function exchange(input: FuzzInput, port: number): Promise<Exchange> {
  const { promise, resolve } = Promise.withResolvers<Exchange>();
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const received: Buffer[] = [];
  let isConnected = false;

  const finish = (ending: Ending): void => {
    clearTimeout(hang);
    clearTimeout(giveUp);
    socket.destroy();
    const read = readAnswers(Buffer.concat(received), input.isHead, ending === 'closed');
    const { answers, unfinished, fault, isCutOff } = read;
    const seen = ending === 'answered' && unfinished !== undefined ? [...answers, unfinished] : answers;
    resolve({ ending, answers: seen, fault, isCutOff });
  };

  const hang = setTimeout(() => finish('hung'), HANG_MS);
  const giveUp = setTimeout(() => {
    if (!input.isFramed) socket.end();
  }, GIVE_UP_MS);

  socket.on('connect', async () => {
    isConnected = true;
    for (const packet of input.packets) {
      if (socket.destroyed) return;
      socket.write(packet);
      if (input.packets.length > 1) await pause(PACKET_PAUSE_MS);
    }
  });
  socket.on('data', (chunk: Buffer) => {
    received.push(chunk);
    const { answers, unfinished, fault } = readAnswers(Buffer.concat(received), input.isHead, false);
    const last = answers.at(-1);
    const owed = last?.headers.get('connection')?.toLowerCase() === 'close' ? answers.length : input.answers;
    if (fault !== undefined || (answers.length > 0 && answers.length >= owed) || isOpenSubscription(unfinished)) {
      finish('answered');
    }
  });
  socket.on('close', () => finish('closed'));
  // A reset is a way to close: 'close' follows.
  socket.on('error', () => {
    if (!isConnected) finish('unreachable');
  });
  return promise;
}
