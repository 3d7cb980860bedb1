/** A stand-in for the API of open-meteo.com that fails on demand and counts what it is asked. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const FORECAST = {
  current: { time: '2026-09-01T12:00', temperature_2m: 21.5, wind_speed_10m: 12.3 },
  daily: {
    time: ['2026-09-01', '2026-09-02', '2026-09-03'],
    temperature_2m_min: [15, 16, 17],
    temperature_2m_max: [22, 24, 26],
    precipitation_sum: [0, 1.5, 0],
  },
};

/** Answers one request in its own way; the next one is answered as usual. */
export type Fault = (request: IncomingMessage, response: ServerResponse) => void;

export function status(code: number, headers: Record<string, string> = {}): Fault {
  return (_request, response) => response.writeHead(code, headers).end();
}

export const silence: Fault = () => {};

export class WeatherStandIn implements AsyncDisposable {
  /** Paths in the order in which they were asked for. */
  readonly asked: string[] = [];
  /** Used up one by one. */
  readonly faults: Fault[] = [];
  /** Requests whose client has left. */
  gone = 0;
  atOnce = 0;
  mostAtOnce = 0;
  /** Milliseconds until a forecast is sent. */
  delayMs = 0;
  readonly #server = createServer((request, response) => this.#answer(request, response));

  async listen(): Promise<string> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url!, 'http://127.0.0.1');
    this.asked.push(pathname);
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce);
    response.once('close', () => {
      this.atOnce--;
      if (!response.writableFinished) this.gone++;
    });
    const fault = this.faults.shift();
    if (fault !== undefined) return fault(request, response);
    const json = (value: unknown) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
    const name = searchParams.get('name') ?? '';
    if (pathname !== '/v1/search') setTimeout(json, this.delayMs, FORECAST);
    else if (name === 'atlantis') json({});
    else
      json({
        results: [{ name: 'Lisbon', country: 'Portugal', latitude: 38.7, longitude: name.length, timezone: 'UTC' }],
      });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }
}
