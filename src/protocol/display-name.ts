/** What to call something in front of people (MCP 2026-07-28, basic, BaseMetadata). */
import type { BaseMetadata } from './implementation.ts';

/** The title; for a tool without one the title among its annotations; else the name. An empty title counts as none. */
export function getDisplayName(metadata: BaseMetadata & { annotations?: { title?: string } }): string {
  return metadata.title || metadata.annotations?.title || metadata.name;
}
