/** Compares what clients got with what the store holds. Every sentence that comes out is a broken promise. */
import type { Message, Reading } from './session-client.ts';
import type { CallReading, StormReport } from './storm.ts';

const parse = (text: string): Message => JSON.parse(text);

export function discrepancies(report: StormReport): string[] {
  const kept = new Map<string, string[]>();
  const wrong: string[] = [];
  for (const messages of report.keptStreams) {
    const mark = parse(messages[0]!).params?.data?.mark as string | undefined;
    if (mark === undefined) continue; // Its handler died before it said anything; nothing else tells whose it was.
    if (kept.has(mark)) wrong.push(`call ${mark}: two streams`);
    kept.set(mark, messages);
  }
  for (const call of report.calls) wrong.push(...ofCall(call, kept.get(call.mark)));
  for (const [number, reading] of report.listened.entries()) {
    wrong.push(...ofListener(`listener ${number}`, reading, report.keptBroadcasts));
  }
  return wrong;
}

function ofCall(call: CallReading, kept: readonly string[] | undefined): string[] {
  const { mark, messages, failure, unresumable } = call;
  const says = (what: string): string => `call ${mark} (${call.cuts} cuts): ${what}`;
  const wrong = repeatedIds(call).map(says);
  if (failure !== undefined) wrong.push(says(failure));
  // The client knows that it has lost the call, and it got nothing of it.
  if (unresumable) return messages.length === 0 ? wrong : [...wrong, says('cut without an id, with messages')];
  const last = messages.length === 0 ? undefined : parse(messages.at(-1)!);
  const numbers = messages.slice(0, -1).map(text => parse(text).params?.data?.number as number);
  if (numbers.some((number, index) => number !== index + 1)) wrong.push(says(`numbers ${numbers.join(' ')}`));
  if (last?.error !== undefined) {
    if (last.error.data?.code !== 'SLIP_CALL_LOST') wrong.push(says(`ended with ${JSON.stringify(last.error)}`));
  } else if (last?.result === undefined) wrong.push(says('ended without a response'));
  else if (numbers.length !== call.events) wrong.push(says(`${numbers.length} of ${call.events} messages`));
  // A call that died before its first message is found in the store by nothing but its end.
  if (numbers.length === 0 && kept === undefined) return wrong;
  const same = kept?.length === messages.length && kept.every((text, index) => text === messages[index]);
  if (!same) wrong.push(says(`got ${messages.length} messages, and ${kept?.length ?? 0} are kept`));
  return wrong;
}

/** From the first message on that it got, everything is there once and in order. */
function ofListener(name: string, reading: Reading, kept: readonly string[]): string[] {
  const { messages, failure } = reading;
  const says = (what: string): string => `${name} (${reading.cuts} cuts): ${what}`;
  const wrong = repeatedIds(reading).map(says);
  if (failure !== undefined) wrong.push(says(failure));
  const from = messages.findIndex(text => parse(text).params?.data !== undefined);
  if (from === -1) return [...wrong, says('got nothing')];
  // Updates of resources repeat; a numbered message says where in the log we are.
  const start = kept.indexOf(messages[from]!) - from;
  const expected = kept.slice(Math.max(0, start));
  const at = expected.findIndex((text, index) => text !== messages[index]);
  if (start < 0 || at !== -1) wrong.push(says(`message ${at} is ${messages[at]}, and ${expected[at]} is kept`));
  if (messages.length > expected.length) wrong.push(says(`got ${messages.length} of ${expected.length}`));
  return wrong;
}

/** No event comes twice. */
function repeatedIds({ ids }: Reading): string[] {
  const repeated = ids.length - new Set(ids).size;
  return repeated === 0 ? [] : [`${repeated} event ids came twice`];
}
