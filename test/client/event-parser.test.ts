import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { EventParser, type ServerSentEvent } from '../../src/client/event-parser.ts';

function parse(chunks: readonly string[], maxChars = 1_000): { events: ServerSentEvent[]; parser: EventParser } {
  const events: ServerSentEvent[] = [];
  const parser = new EventParser(maxChars, event => void events.push(event));
  for (const chunk of chunks) parser.push(chunk);
  return { events, parser };
}

const message = (data: string): ServerSentEvent => ({ event: 'message', data });

describe('events of a stream', () => {
  const CASES: [title: string, text: string, events: ServerSentEvent[]][] = [
    ['one line', 'data: a\n\n', [message('a')]],
    ['without the space', 'data:a\n\n', [message('a')]],
    ['one space only is dropped', 'data:  a\n\n', [message(' a')]],
    ['several lines', 'data: a\ndata: b\n\n', [message('a\nb')]],
    ['carriage returns', 'data: a\r\rdata: b\r\n\r\n', [message('a'), message('b')]],
    ['a name', 'event: x\ndata: a\n\ndata: b\n\n', [{ event: 'x', data: 'a' }, message('b')]],
    ['a field without a colon', 'data\n\n', [message('')]],
    ['comments and unknown fields', ': hi\nfoo: bar\ndata: a\n\n', [message('a')]],
    ['no data, no event', 'event: x\nid: 1\n\n', []],
    ['an event that is not finished', 'data: a\n\ndata: b\n', [message('a')]],
    ['a byte order mark', '\uFEFFdata: a\n\n', [message('a')]],
  ];
  for (const [title, text, expected] of CASES) {
    test(title, () => {
      assert.deepEqual(parse([text]).events, expected);
      assert.deepEqual(parse([...text]).events, expected, 'character by character');
    });
  }

  test('the id is that of the last event that is complete; the time to come back is remembered', () => {
    const { parser } = parse(['id: 1\nretry: 500\ndata: a\n\nid: 2\ndata: b\n']);
    assert.equal(parser.lastEventId, '1');
    assert.equal(parser.retryMs, 500);
    parser.push('\n');
    assert.equal(parser.lastEventId, '2');
    parser.push('id: \u0000\nretry: soon\n\n');
    assert.equal(parser.lastEventId, '2');
    assert.equal(parser.retryMs, 500);
    parser.push('id:\n\n');
    assert.equal(parser.lastEventId, undefined);
  });

  test('an event has a limit, many events have none', () => {
    const long = { code: 'SLIP_SERVER_ANSWER' };
    assert.throws(() => parse([`data: ${'x'.repeat(1_001)}`]), long);
    assert.throws(() => parse(Array.from({ length: 300 }, () => 'data: xxx\n')), long);
    assert.equal(parse(Array.from({ length: 300 }, () => 'data: xxx\n\n')).events.length, 300);
    assert.equal(parse(Array.from({ length: 300 }, () => ': a comment that is long enough\n')).events.length, 0);
  });
});
