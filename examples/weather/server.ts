// The weather from a remote API, with what such a call needs: cache, time-outs, retries, bounds. See README.md.
import { McpServer, type ServerContext, ToolError } from 'slipway';
import { z } from 'zod';
import { OpenMeteo, type Place } from './open-meteo.ts';
import { RemoteError } from './remote-json.ts';

const { WEATHER_GEOCODING_URL: geocodingUrl, WEATHER_FORECAST_URL: forecastUrl } = process.env;
const api = new OpenMeteo({
  ...(geocodingUrl !== undefined && { geocodingUrl }),
  ...(forecastUrl !== undefined && { forecastUrl }),
});

const server = new McpServer(
  { name: 'weather', version: '1.0.0' },
  { instructions: 'Places are names of towns, as people write them: Lisbon, Santiago de Chile.' },
);

const place = z.string().trim().min(1).max(100).describe('Name of a town');

/** Runs what asks the API; when that fails, the model reads why, and the log has the details. */
async function asking<T>(ctx: ServerContext, name: string, ask: (place: Place) => Promise<T>): Promise<T> {
  try {
    const found = await api.place(name, ctx.mcpReq.signal);
    if (found === undefined) throw new ToolError(`There is no place named ${name}. Try the nearest larger town.`);
    return await ask(found);
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    ctx.logger.warn({ error }, 'the weather API failed');
    throw new ToolError(`The weather is not known now: ${error.message}. Try again in a minute.`);
  }
}

function labelOf({ name, country }: Place): string {
  return country === undefined ? name : `${name}, ${country}`;
}

server.registerTool(
  'current',
  {
    title: 'Weather now',
    description: 'Temperature and wind at a place, now',
    inputSchema: z.object({ place }),
    outputSchema: z.object({ place: z.string(), time: z.string(), celsius: z.number(), windKmh: z.number() }),
    annotations: { readOnlyHint: true, openWorldHint: true },
    // Longer than all attempts together: the remote API is given up before the call is.
    timeout: 20_000,
  },
  ({ place }, ctx) =>
    asking(ctx, place, async found => {
      // The signal aborts when the client leaves or the time is up, and takes the remote request with it.
      const { current } = await api.forecast(found, ctx.mcpReq.signal);
      const { time, temperature_2m: celsius, wind_speed_10m: windKmh } = current;
      return { place: labelOf(found), time, celsius, windKmh };
    }),
);

server.registerTool(
  'forecast',
  {
    title: 'Weather of the next days',
    description: 'Lowest and highest temperature and rain at a place, for up to seven days',
    inputSchema: z.object({ place, days: z.number().int().min(1).max(7).default(3) }),
    annotations: { readOnlyHint: true, openWorldHint: true },
    timeout: 20_000,
  },
  ({ place, days }, ctx) =>
    asking(ctx, place, async found => {
      const { daily } = await api.forecast(found, ctx.mcpReq.signal);
      const lines = daily.time.slice(0, days).map((day, at) => {
        const [low, high, rain] = [daily.temperature_2m_min, daily.temperature_2m_max, daily.precipitation_sum].map(
          values => values[at] ?? '?',
        );
        return `${day}: ${low} to ${high} °C, ${rain} mm of rain`;
      });
      return [labelOf(found), ...lines].join('\n');
    }),
);

export default server;
