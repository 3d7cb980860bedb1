import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { connect } from 'slipway/testing';
import { OpenMeteo } from '../../examples/weather/open-meteo.ts';
import { RemoteError } from '../../examples/weather/remote-json.ts';
import { eventually } from '../support/serving.ts';
import { ExampleProcess } from './example-process.ts';
import { silence, status, WeatherStandIn } from './weather-stand-in.ts';

describe('the weather example', () => {
  test('answers from the remote API, asks it once, and tells the model what fails', async () => {
    await using remote = new WeatherStandIn();
    const url = await remote.listen();
    await using server = new ExampleProcess('weather', { WEATHER_GEOCODING_URL: url, WEATHER_FORECAST_URL: url });
    await using client = await connect(await server.listening());

    const now = await client.callTool('current', { place: 'Lisbon' });
    assert.deepEqual(now.structuredContent, {
      place: 'Lisbon, Portugal',
      time: '2026-09-01T12:00',
      celsius: 21.5,
      windKmh: 12.3,
    });
    const days = await client.callTool('forecast', { place: ' LISBON ', days: 2 });
    assert.equal(
      days.text,
      'Lisbon, Portugal\n2026-09-01: 15 to 22 °C, 0 mm of rain\n2026-09-02: 16 to 24 °C, 1.5 mm of rain',
    );
    assert.deepEqual(remote.asked, ['/v1/search', '/v1/forecast'], 'the second call is answered from the caches');

    const nowhere = await client.callTool('current', { place: 'Atlantis' });
    assert.equal(nowhere.isError, true);
    assert.equal(nowhere.text, 'There is no place named Atlantis. Try the nearest larger town.');

    remote.faults.push(status(404));
    const refused = await client.callTool('current', { place: 'Porto' });
    assert.equal(refused.isError, true);
    assert.match(refused.text, /^The weather is not known now: \S+ answers with status 404\. Try again/);
    await server.until('stderr', /the weather API failed/);
  });

  test('a client that leaves takes the remote request with it', async () => {
    await using remote = new WeatherStandIn();
    const url = await remote.listen();
    await using server = new ExampleProcess('weather', { WEATHER_GEOCODING_URL: url, WEATHER_FORECAST_URL: url });
    await using client = await connect(await server.listening());
    remote.faults.push(silence);
    const leave = new AbortController();
    const call = client.callTool('current', { place: 'Lisbon' }, { signal: leave.signal });
    await eventually(() => remote.asked.length === 1);
    assert.equal(remote.gone, 0);
    leave.abort();
    await assert.rejects(call);
    await eventually(() => remote.gone === 1);
    assert.equal(remote.asked.length, 1, 'it is not tried again');
  });
});

describe('its way to call a remote API', () => {
  const { signal } = new AbortController();

  async function withApi(
    options: object,
    run: (api: OpenMeteo, remote: WeatherStandIn) => Promise<void>,
  ): Promise<void> {
    await using remote = new WeatherStandIn();
    const url = await remote.listen();
    await run(new OpenMeteo({ geocodingUrl: url, forecastUrl: url, backoffMs: 1, ...options }), remote);
  }

  test('tries again what may succeed a moment later', () =>
    withApi({}, async (api, remote) => {
      remote.faults.push(status(503), status(429, { 'retry-after': '0' }), request => request.socket.destroy());
      assert.equal((await api.place('Lisbon', signal))?.name, 'Lisbon');
      assert.equal(remote.asked.length, 4);
    }));

  test('gives up after so many attempts, and at once what will not succeed', () =>
    withApi({ retries: 2 }, async (api, remote) => {
      remote.faults.push(status(500), status(500), status(500));
      await assert.rejects(api.place('Lisbon', signal), /answers with status 500/);
      assert.equal(remote.asked.length, 3);
      remote.faults.push(status(400));
      await assert.rejects(api.place('Lisbon', signal), /answers with status 400/);
      assert.equal(remote.asked.length, 4);
      assert.equal((await api.place('Lisbon', signal))?.name, 'Lisbon', 'failures are not kept');
    }));

  test('does not wait for as long as the API wants', () =>
    withApi({}, async (api, remote) => {
      remote.faults.push(status(503, { 'retry-after': '3600' }));
      await assert.rejects(api.place('Lisbon', signal), /answers with status 503/);
      assert.equal(remote.asked.length, 1);
    }));

  test('an attempt that gets no answer in time is one of them', () =>
    withApi({ timeoutMs: 100, retries: 1 }, async (api, remote) => {
      remote.faults.push(silence);
      assert.equal((await api.place('Lisbon', signal))?.name, 'Lisbon');
      remote.faults.push(silence, silence);
      await assert.rejects(api.place('Porto', signal), /does not answer within 100 ms/);
    }));

  test('says what is no JSON, and no weather', () =>
    withApi({}, async (api, remote) => {
      remote.faults.push((_request, response) => response.end('<html>'));
      await assert.rejects(api.place('Lisbon', signal), RemoteError);
      remote.faults.push((_request, response) => response.end('{"results":[{"name":1}]}'));
      await assert.rejects(api.place('Lisbon', signal), /another shape/);
      remote.faults.push((_request, response) => response.end(`"${'x'.repeat(1_100_000)}"`));
      await assert.rejects(api.place('Lisbon', signal), /too much/);
    }));

  test('who asks the same at the same time shares a request, which goes on for who still waits', () =>
    withApi({}, async (api, remote) => {
      let answer = () => {};
      remote.faults.push((_request, response) => {
        answer = () => response.end('{"results":[]}');
      });
      const leave = new AbortController();
      const leaving = api.place('Lisbon', leave.signal);
      const staying = api.place('Lisbon', signal);
      await eventually(() => remote.asked.length === 1);
      leave.abort(new Error('left'));
      await assert.rejects(leaving, /left/);
      answer();
      assert.equal(await staying, undefined);
      assert.equal(remote.asked.length, 1);
      assert.equal(remote.gone, 0);
    }));

  test('asks for no more than so much at a time', () =>
    withApi({ concurrency: 2 }, async (api, remote) => {
      remote.delayMs = 20;
      const names = ['a', 'bb', 'ccc', 'dddd', 'eeeee', 'ffffff'];
      const places = await Promise.all(names.map(name => api.place(name, signal)));
      const forecasts = await Promise.all(places.map(place => api.forecast(place!, signal)));
      assert.equal(forecasts.length, names.length);
      assert.equal(remote.asked.length, 2 * names.length);
      assert.equal(remote.mostAtOnce, 2);
    }));

  test('whoever waits for a turn may leave', () =>
    withApi({ concurrency: 1 }, async (api, remote) => {
      remote.faults.push(silence);
      const busy = new AbortController();
      const first = api.place('Lisbon', busy.signal);
      await eventually(() => remote.asked.length === 1);
      const leave = new AbortController();
      const second = api.place('Porto', leave.signal);
      leave.abort(new Error('left'));
      await assert.rejects(second, /left/);
      busy.abort(new Error('left too'));
      await assert.rejects(first, /left too/);
      assert.equal((await api.place('Faro', signal))?.name, 'Lisbon');
      assert.deepEqual(remote.asked.length, 2);
    }));
});
