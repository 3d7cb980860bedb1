/** The weather API of open-meteo.com: where a place is, and what the weather is there. No key needed. */
import { z } from 'zod';
import { RemoteError, RemoteJson, type RemoteJsonOptions } from './remote-json.ts';
import { SharedCache } from './shared-cache.ts';

export interface OpenMeteoOptions extends RemoteJsonOptions {
  /** Default: https://geocoding-api.open-meteo.com */
  readonly geocodingUrl?: string;
  /** Default: https://api.open-meteo.com */
  readonly forecastUrl?: string;
}

const PLACES = z.object({
  results: z
    .array(
      z.object({
        name: z.string(),
        country: z.string().optional(),
        latitude: z.number(),
        longitude: z.number(),
        timezone: z.string(),
      }),
    )
    .optional(),
});

export type Place = NonNullable<z.infer<typeof PLACES>['results']>[number];

const FORECAST = z.object({
  current: z.object({ time: z.string(), temperature_2m: z.number(), wind_speed_10m: z.number() }),
  daily: z.object({
    time: z.array(z.string()),
    temperature_2m_min: z.array(z.number()),
    temperature_2m_max: z.array(z.number()),
    precipitation_sum: z.array(z.number()),
  }),
});

export type Forecast = z.infer<typeof FORECAST>;

/** Places do not move; forecasts are made anew every quarter of an hour. */
const PLACE_TTL_MS = 24 * 3_600_000;
const FORECAST_TTL_MS = 15 * 60_000;
const MOST_KEPT = 1_000;

export class OpenMeteo {
  readonly #geocodingUrl: string;
  readonly #forecastUrl: string;
  readonly #remote: RemoteJson;
  readonly #places = new SharedCache<Place | undefined>(PLACE_TTL_MS, MOST_KEPT);
  readonly #forecasts = new SharedCache<Forecast>(FORECAST_TTL_MS, MOST_KEPT);

  constructor({ geocodingUrl, forecastUrl, ...remote }: OpenMeteoOptions = {}) {
    this.#geocodingUrl = geocodingUrl ?? 'https://geocoding-api.open-meteo.com';
    this.#forecastUrl = forecastUrl ?? 'https://api.open-meteo.com';
    this.#remote = new RemoteJson(remote);
  }

  /** The best known place of that name; undefined when there is none. */
  place(name: string, signal: AbortSignal): Promise<Place | undefined> {
    const key = name.trim().toLowerCase();
    const load = async (shared: AbortSignal) => {
      const url = new URL('/v1/search', this.#geocodingUrl);
      url.search = new URLSearchParams({ name: key, count: '1' }).toString();
      return parsed(PLACES, await this.#remote.get(url, shared), url).results?.[0];
    };
    return this.#places.get(key, load, signal);
  }

  /** The weather now and on the next seven days. */
  forecast({ latitude, longitude, timezone }: Place, signal: AbortSignal): Promise<Forecast> {
    const query = new URLSearchParams({
      latitude: latitude.toFixed(2),
      longitude: longitude.toFixed(2),
      timezone,
      current: 'temperature_2m,wind_speed_10m',
      daily: 'temperature_2m_min,temperature_2m_max,precipitation_sum',
      forecast_days: '7',
    }).toString();
    const load = async (shared: AbortSignal) => {
      const url = new URL('/v1/forecast', this.#forecastUrl);
      url.search = query;
      return parsed(FORECAST, await this.#remote.get(url, shared), url);
    };
    return this.#forecasts.get(query, load, signal);
  }
}

/** What somebody else sends is checked before anything relies on it. */
function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown, url: URL): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new RemoteError(`${url.host} answers in another shape than expected`, false, undefined, {
    cause: result.error,
  });
}
