import type { Variables } from '../protocol/uri-template.ts';
import type { AudienceContext } from './context.ts';
import { isFor } from './registration.ts';
import type { RegisteredResource, RegisteredResourceTemplate } from './resource-registration.ts';
import type { Snapshot } from './snapshot.ts';

/** What a URI stands for: a fixed resource, or a template with the values of its variables. */
export type FoundResource =
  | { readonly component: RegisteredResource; readonly variables: undefined }
  | { readonly component: RegisteredResourceTemplate; readonly variables: Variables };

/** Whether a URI stands for something that exists, but not for this caller. */
export function isHidden(snapshot: Snapshot, audience: AudienceContext, uri: string): boolean {
  if (!URL.canParse(uri) || findResource(snapshot, audience, uri) !== undefined) return false;
  const { href } = new URL(uri);
  if (snapshot.resources.has(uri) || snapshot.resources.has(href)) return true;
  return snapshot.templates.some(({ resourceTemplate }) => resourceTemplate.uriTemplate.match(href) !== null);
}

/**
 * Finds what a URI stands for, as far as the caller may know of it. Reads and scope challenges both ask here: a challenge
 * for another component than the one that is read would protect nothing.
 *
 * @param uri a valid absolute URI, as the client wrote it
 */
export function findResource(snapshot: Snapshot, audience: AudienceContext, uri: string): FoundResource | undefined {
  const { href } = new URL(uri);
  const resource = snapshot.resources.get(uri) ?? snapshot.resources.get(href);
  if (resource !== undefined && isFor(resource, audience)) return { component: resource, variables: undefined };
  for (const template of snapshot.templates) {
    if (!isFor(template, audience)) continue;
    const variables = template.resourceTemplate.uriTemplate.match(href);
    if (variables !== null) return { component: template, variables };
  }
  return undefined;
}
