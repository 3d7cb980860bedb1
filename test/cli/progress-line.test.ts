import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProgressLine } from '../../src/cli/call/progress-line.ts';

function shown(isTTY: boolean, columns: number): { line: ProgressLine; text: () => string } {
  let text = '';
  const write = (more: string): boolean => {
    text += more;
    return true;
  };
  return { line: new ProgressLine({ isTTY, columns, write } as NodeJS.WriteStream), text: () => text };
}

test('at a terminal, progress is one line that changes and makes room', () => {
  const { line, text } = shown(true, 30);
  line.clear();
  line.show({ progress: 1, total: 3, message: 'one' });
  line.show({ progress: 2, message: 'a message that is much too long for this line' });
  line.clear();
  line.clear();
  assert.equal(text(), '\r\u001B[K1/3 one\r\u001B[K2 a message that is much too \r\u001B[K');
});

test('elsewhere it is a line each, without what could move a cursor', () => {
  const { line, text } = shown(false, 30);
  line.show({ progress: 0.5 });
  line.show({ progress: 1, total: 1, message: 'do\u001B[2Jne\nnow' });
  line.clear();
  assert.equal(text(), '0.5\n1/1 do\uFFFD[2Jne now\n');
});
