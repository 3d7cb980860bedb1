import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Exchange } from './exchange.ts';
import type { FuzzInput } from './generate.ts';
import { type HttpAnswer, readAnswers } from './http-answer.ts';
import { judge, SECRET } from './verdict.ts';

const input: FuzzInput = {
  number: 0,
  label: 'made by hand',
  packets: [],
  isFramed: true,
  answers: 1,
  isHead: false,
  status: undefined,
};

function answer(status: number, body: unknown, headers: Record<string, string> = {}): HttpAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers: new Map(Object.entries({ 'content-type': 'application/json', ...headers })), body: text };
}

function answered(...answers: HttpAnswer[]): Exchange {
  return { ending: 'answered', answers, fault: undefined, isCutOff: false };
}

function error(code: number, message = 'Something is wrong'): unknown {
  return { jsonrpc: '2.0', id: null, error: { code, message } };
}

test('right answers are found to be right', () => {
  const result = { jsonrpc: '2.0', id: 1, result: {} };
  const sse = { 'content-type': 'text/event-stream' };
  for (const right of [
    answered(answer(200, result)),
    answered(answer(200, [result, error(-32601)])),
    answered(answer(400, error(-32700))),
    answered(answer(404, error(-32601))),
    answered(answer(202, '')),
    answered(answer(200, `: ping\n\nevent: message\ndata: ${JSON.stringify(result)}\n\n`, sse)),
    answered(answer(405, error(-32000), { allow: 'POST' })),
  ]) {
    assert.equal(judge(input, right), undefined, JSON.stringify(right.answers));
  }
});

test('wrong answers are found, each as what it is', () => {
  const wrong: [string, Exchange][] = [
    ['crash', { ending: 'unreachable', answers: [], fault: undefined, isCutOff: false }],
    ['hang', { ending: 'hung', answers: [], fault: undefined, isCutOff: false }],
    ['no answer', { ending: 'closed', answers: [], fault: undefined, isCutOff: false }],
    ['wrong answer', { ending: 'closed', answers: [], fault: 'malformed', isCutOff: false }],
    ['wrong answer', { ending: 'closed', answers: [], fault: undefined, isCutOff: true }],
    ['wrong status', answered(answer(500, error(-32000)))],
    ['wrong status', answered(answer(302, error(-32000)))],
    ['wrong status', answered(answer(200, error(-32700)))],
    ['wrong answer', answered(answer(200, error(-32603)))],
    ['wrong answer', answered(answer(400, ''))],
    ['wrong answer', answered(answer(400, 'Bad Request', { 'content-type': 'text/plain' }))],
    ['wrong answer', answered(answer(400, { jsonrpc: '2.0', id: 1, result: {} }))],
    ['wrong answer', answered(answer(400, error(-32600, ' ')))],
    ['wrong answer', answered(answer(400, { error: { code: -32600, message: 'x' } }))],
    ['wrong answer', answered(answer(202, 'x'))],
    ['wrong answer', answered(answer(405, error(-32000)))],
    ['leaked text', answered(answer(400, error(-32600, 'Error: x\n    at Object.run (/srv/app.ts:1:2)')))],
    ['leaked text', answered(answer(400, error(-32700, "Unexpected token 'a' in JSON")))],
    ['leaked text', answered(answer(200, { jsonrpc: '2.0', id: 1, result: { text: SECRET } }))],
  ];
  for (const [kind, seen] of wrong) assert.equal(judge(input, seen)?.kind, kind, JSON.stringify(seen));
});

test('a status that the input decides must be that status', () => {
  const expecting = { ...input, status: [413] };
  assert.equal(judge(expecting, answered(answer(413, error(-32000)))), undefined);
  assert.equal(judge(expecting, answered(answer(400, error(-32600))))?.kind, 'wrong status');
});

test('something that is no whole request may be answered by closing the connection, but not by silence', () => {
  const broken = { ...input, isFramed: false };
  assert.equal(judge(broken, { ending: 'closed', answers: [], fault: undefined, isCutOff: false }), undefined);
  assert.equal(judge(broken, { ending: 'hung', answers: [], fault: undefined, isCutOff: false })?.kind, 'hang');
});

test('answers are read from bytes as a picky client reads them', () => {
  const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n';
  const sized = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400 Bad Request\r\nX: 1\r\nx: 2\r\nContent-Length: 2\r\n\r\n{}';
  const read = readAnswers(Buffer.from(chunked + sized), false, false);
  assert.deepEqual(
    read.answers.map(({ status, body }) => [status, body]),
    [
      [200, 'abcde'],
      [400, '{}'],
    ],
  );
  assert.equal(read.answers[1]?.headers.get('x'), '1, 2');
  assert.equal(readAnswers(Buffer.from(chunked.slice(0, -3)), false, false).unfinished?.body, 'abcde');
  assert.ok(readAnswers(Buffer.from(chunked.slice(0, -3)), false, true).isCutOff);
  assert.ok(readAnswers(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx'), false, true).isCutOff);
  assert.ok(readAnswers(Buffer.from('nonsense\r\n\r\n'), false, false).fault);
  assert.equal(readAnswers(Buffer.from('HTTP/1.0 200 OK\r\n\r\nrest'), false, true).answers[0]?.body, 'rest');
  assert.equal(readAnswers(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n'), true, false).answers.length, 1);
});
