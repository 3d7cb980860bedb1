/** How rules look at the parts of a configuration of nginx. */
import type { Place } from '../finding.ts';
import type { NginxConfiguration, Pass, SiteServer } from './configuration.ts';
import type { Directive } from './directives.ts';

export function placeOf({ line, file }: Directive, detail?: string): Place {
  return { line, file, ...(detail !== undefined && { detail }) };
}

/** A place is named once, however many ways lead there. */
function distinct(places: readonly Place[]): Place[] {
  const keyOf = ({ file, line, detail }: Place) => `${file}:${line}:${detail}`;
  return [...new Map(places.map(place => [keyOf(place), place])).values()];
}

type Found = Place | readonly Place[] | undefined;

function placesOf(found: Found): readonly Place[] {
  if (found === undefined) return [];
  return Array.isArray(found) ? found : [found as Place];
}

/** Looks at each server that passes requests on. */
export function inSites(look: (server: SiteServer, configuration: NginxConfiguration) => Found) {
  return (configuration: NginxConfiguration): Place[] =>
    distinct(configuration.sites.flatMap(server => placesOf(look(server, configuration))));
}

/** Looks at each place where requests of MCP are passed on. */
export function inPasses(look: (pass: Pass, server: SiteServer, configuration: NginxConfiguration) => Found) {
  return inSites((server, configuration) => server.passes.flatMap(pass => placesOf(look(pass, server, configuration))));
}

const TIME_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  M: 2_592_000_000,
  y: 31_536_000_000,
};

/** A time of nginx in seconds: `60`, `60s`, `1h 30m`; undefined for what is none. */
export function secondsOf(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  if (!/^(\d+(ms|[smhdwMy])\s*)+$/.test(text)) return undefined;
  let ms = 0;
  for (const [, number, unit] of text.matchAll(/(\d+)(ms|[smhdwMy])/g)) ms += Number(number) * TIME_MS[unit!]!;
  return ms / 1000;
}

/** A size of nginx in bytes: `1024`, `8k`, `4m`; undefined for what is none. */
export function bytesOf(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d+)([kmg])?$/i.exec(text) ?? [];
  if (number === undefined) return undefined;
  return Number(number) * { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[unit.toLowerCase()]!;
}
