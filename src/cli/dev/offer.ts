/** What a server offers, and how that differs from before a reload. */
import type { McpServer } from '../../server/mcp-server.ts';

type Kind = 'tool' | 'prompt' | 'resource' | 'resource template';

/** The definitions of what is listed, by kind and name (resources: URI). Plain JSON. */
export type Offer = Readonly<Record<Kind, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

const KINDS: readonly Kind[] = ['tool', 'prompt', 'resource', 'resource template'];

interface Listed {
  readonly definition: object;
  readonly enabled: boolean;
}

function listedOf(components: Iterable<readonly [string, Listed]>): Offer[Kind] {
  const listed = [...components].filter(([, { enabled }]) => enabled);
  const plain = listed.map(([name, { definition }]) => [name, JSON.parse(JSON.stringify(definition))] as const);
  return Object.fromEntries(plain);
}

/** @param server as its file has set it up: what callers are denied by `enabled(ctx)` is part of it */
export function offerOf({ snapshot }: McpServer): Offer {
  return {
    tool: listedOf(snapshot.tools),
    prompt: listedOf(snapshot.prompts),
    resource: listedOf(snapshot.resources),
    'resource template': listedOf(snapshot.templates.map(template => [template.name, template] as const)),
  };
}

/** A line for each thing that came (`+`), went (`-`) or is defined differently (`~`, with the fields). */
export function offerChanges(before: Offer, after: Offer): string[] {
  return KINDS.flatMap(kind => {
    const names = new Set([...Object.keys(before[kind]), ...Object.keys(after[kind])]);
    return [...names].flatMap(name => {
      const [old, now] = [before[kind][name], after[kind][name]];
      if (old === undefined) return [`+ ${kind} ${name}`];
      if (now === undefined) return [`- ${kind} ${name}`];
      const fields = changedFields(old, now);
      return fields.length === 0 ? [] : [`~ ${kind} ${name}: ${fields.join(', ')}`];
    });
  });
}

function changedFields(old: Readonly<Record<string, unknown>>, now: Readonly<Record<string, unknown>>): string[] {
  const fields = new Set([...Object.keys(old), ...Object.keys(now)]);
  return [...fields].filter(field => JSON.stringify(old[field]) !== JSON.stringify(now[field]));
}
