/** Row 31: HTTP/1.0, and answers without a length. */
import { healthyServer } from '../kit/healthy-server.ts';
import { type PlantedFault, planted } from '../kit/planted-fault.ts';
import { type PassedAnswer, rewritingFront } from '../kit/rewriting-front.ts';

function asHttp(version: string, { status, headers, body }: PassedAnswer, more: readonly string[]): Buffer {
  const head = [`HTTP/${version} ${status} Status`, ...headers, ...more, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head), body]);
}

export const FRAMING_FAULTS: readonly PlantedFault[] = [
  {
    row: 31,
    name: 'answers as HTTP/1.0',
    async start(faulty) {
      const behind = await healthyServer();
      if (!faulty) return behind;
      return rewritingFront(behind, (socket, answer) => {
        socket.end(asHttp('1.0', answer, [`Content-Length: ${answer.body.length}`]));
      });
    },
  },
  {
    row: 31,
    name: 'answers without a length over a connection that stays',
    doctor: { limits: { exchangeMs: 300 } },
    async start(faulty) {
      const behind = await healthyServer();
      if (!faulty) return behind;
      return rewritingFront(behind, (socket, answer) => {
        // One kind of answer is enough to see it, and all of them would take long.
        const isOpening = answer.body.includes('"protocolVersion"');
        const length = isOpening ? [] : [`Content-Length: ${answer.body.length}`];
        socket.write(asHttp('1.1', answer, length));
      });
    },
  },
  planted(31, 'the server refuses HTTP/1.0', {
    fault: () => ({ status: 426, headers: { Upgrade: 'HTTP/1.1' }, body: 'Upgrade Required' }),
  }),
];
