/** Turns a seed and a number into one input for a socket: mostly requests that get far, some that are hardly requests. */
import { BYTE_MUTATIONS } from './byte-mutation.ts';
import { HEAD_MUTATIONS } from './header-mutation.ts';
import { JSON_MUTATIONS } from './json-mutation.ts';
import {
  type Message,
  messageHeaders,
  messageText,
  slowMessage,
  validMessage,
  withOddFrame,
  withOddParams,
  withOddPayload,
} from './message.ts';
import { type Random, randomFor } from './random.ts';
import { postDraft, type RequestDraft, toBytes } from './request-draft.ts';

/** Packets with nothing in them: each is a pause, long enough together for a stream to begin. */
const STREAM_PAUSE: readonly Buffer[] = Array.from({ length: 6 }, () => Buffer.alloc(0));

/** The header that tells the target which input a request belongs to. */
export const INPUT_HEADER = 'x-fuzz-input';

export interface FuzzInput {
  readonly number: number;
  /** What was done to it, for people. */
  readonly label: string;
  /** Written one after the other, each as a packet of its own. */
  readonly packets: readonly Buffer[];
  /** Whether it is a whole HTTP request, so that silence and a closed connection are faults. */
  readonly isFramed: boolean;
  /** Answers owed, if it is framed. */
  readonly answers: number;
  readonly isHead: boolean;
  /** The statuses that are right, where what was done decides it. */
  readonly status: readonly number[] | undefined;
}

type Made = Omit<FuzzInput, 'number' | 'packets' | 'isHead'> & {
  bytes: Buffer;
  /** Sent a while after the rest. */
  afterwards?: Buffer;
  draft: RequestDraft;
};

function draftOf(message: Message, body: string | Buffer, port: number, number: number): RequestDraft {
  return postDraft(port, [...messageHeaders(message), [INPUT_HEADER, String(number)]], body);
}

function framed(label: string, draft: RequestDraft, status?: readonly number[]): Made {
  return { label, draft, bytes: toBytes(draft), isFramed: true, answers: 1, status };
}

type Maker = (message: Message, random: Random, port: number, number: number) => Made;

function ofMessage(
  label: string,
  change: (message: Message, random: Random) => Message,
  status?: readonly number[],
): Maker {
  return (message, random, port, number) => {
    const changed = change(message, random);
    return framed(
      `${changed.era} ${message.method}: ${label}`,
      draftOf(changed, messageText(changed), port, number),
      status,
    );
  };
}

const oddJson: Maker = (message, random, port, number) => {
  const mutation = random.weighted(JSON_MUTATIONS);
  const draft = draftOf(message, mutation.body(message, random), port, number);
  return framed(`${message.era} ${message.method}: ${mutation.label}`, draft, mutation.status);
};

const oddHead: Maker = (message, random, port, number) => {
  const mutation = random.weighted(HEAD_MUTATIONS);
  const draft = draftOf(message, messageText(message), port, number);
  mutation.change(draft, random);
  const made = framed(`${message.era} ${message.method}: ${mutation.label}`, draft, mutation.status);
  return { ...made, isFramed: mutation.isAnswered ?? true };
};

const oddBytes: Maker = (message, random, port, number) => {
  const mutation = random.weighted(BYTE_MUTATIONS);
  const draft = draftOf(message, messageText(message), port, number);
  return {
    label: `${message.era} ${message.method}: ${mutation.label}`,
    draft,
    bytes: mutation.bytes(draft, random),
    isFramed: mutation.isFramed,
    answers: mutation.answers ?? 1,
    status: mutation.status,
  };
};

/** A stream has begun to answer when something arrives behind its request that is not HTTP. */
const noiseIntoStream: Maker = (_, random, port, number) => {
  const message = slowMessage();
  const draft = draftOf(message, messageText(message), port, number);
  const afterwards = Buffer.from(random.pick(['\u0000\u0001', 'nonsense\r\n\r\n', 'GET / HTTP/9\r\n\r\n']));
  return { ...framed('modern tools/call: noise into its stream', draft), isFramed: false, afterwards };
};

const MAKERS: readonly (readonly [weight: number, maker: Maker])[] = [
  [14, ofMessage('valid', message => message, [200])],
  [48, ofMessage('odd payload', withOddPayload)],
  [10, ofMessage('odd params', withOddParams)],
  [5, ofMessage('odd frame', withOddFrame)],
  [8, oddJson],
  [9, oddHead],
  [9, oddBytes],
  [0.5, noiseIntoStream],
];

function cut(bytes: Buffer, random: Random): Buffer[] {
  if (!random.chance(0.06)) return [bytes];
  const pieces: Buffer[] = [];
  let from = 0;
  for (let cuts = 1 + random.below(4); cuts > 0 && from < bytes.length; cuts--) {
    const until = from + random.below(bytes.length - from + 1);
    pieces.push(bytes.subarray(from, until));
    from = until;
  }
  pieces.push(bytes.subarray(from));
  return pieces.filter(piece => piece.length > 0);
}

/**
 * Makes one input; the same numbers make the same bytes.
 *
 * @param port - of the target, for the Host header
 */
export function generate(seed: number, number: number, port: number): FuzzInput {
  const random = randomFor(seed, number);
  const maker = random.weighted(MAKERS);
  const { bytes, draft, afterwards, ...made } = maker(validMessage(random), random, port, number);
  const packets = afterwards === undefined ? cut(bytes, random) : [bytes, ...STREAM_PAUSE, afterwards];
  return { ...made, number, packets, isHead: draft.method === 'HEAD' };
}
