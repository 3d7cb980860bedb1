/** `resources/list`, `resources/templates/list` and `resources/read`. MCP 2026-07-28, server/resources. */
import type { CacheHint } from '../protocol/cache-hint.ts';
import { isInputRequiredResult } from '../protocol/input-required.ts';
import { INVALID_PARAMS, isPlainObject } from '../protocol/json-rpc.ts';
import { ProtocolError, ResourceNotFoundError } from '../protocol/protocol-error.ts';
import type { Result } from '../protocol/result.ts';
import { withCacheFields } from './cache-fields.ts';
import type { RequestContext } from './context.ts';
import { endOfHandler } from './linear-handler.ts';
import type { Operation } from './middleware.ts';
import type { Outcome } from './outcome.ts';
import { exists } from './registration.ts';
import { findResource } from './resource-lookup.ts';
import type { ResourceOutput } from './resource-registration.ts';
import type { Snapshot } from './snapshot.ts';

/** Resources that templates list; the template's metadata fills what an item leaves out. */
async function listedByTemplates(snapshot: Snapshot, context: RequestContext): Promise<object[]> {
  const audience = { authInfo: context.authInfo };
  const listing = snapshot.templates.filter(one => one.resourceTemplate.listCallback && exists(one, audience));
  const lists = await Promise.all(
    listing.map(async template => {
      const { resources } = await template.resourceTemplate.listCallback!(context);
      return resources.map(resource => ({ ...template.listed, ...resource }));
    }),
  );
  return lists.flat();
}

export function resourcesList(snapshotOf: () => Snapshot): Operation {
  return (context, params) => {
    const snapshot = snapshotOf();
    const listing = snapshot.templates.filter(template => template.resourceTemplate.listCallback !== undefined);
    if (listing.length === 0) return snapshot.resourcePages.page(context, params);
    const shared = listing.every(({ audience }) => audience === undefined);
    return listedByTemplates(snapshot, context).then(items =>
      snapshot.resourcePages.page(context, params, { items, shared }),
    );
  };
}

/** What a handler returned, as a result: text and bytes become the one content of their URI. */
function toReadResult(output: ResourceOutput, uri: string, mimeType: unknown): Result {
  if (typeof output === 'string') return { contents: [{ uri, ...(mimeType ? { mimeType } : {}), text: output }] };
  if (output instanceof Uint8Array) {
    const blob = Buffer.from(output).toString('base64');
    return { contents: [{ uri, ...(mimeType ? { mimeType } : {}), blob }] };
  }
  if (!isInputRequiredResult(output) && !(isPlainObject(output) && Array.isArray(output['contents']))) {
    throw new TypeError(`the handler of resource ${uri} returned no contents`);
  }
  return output as Result;
}

export function resourcesRead(snapshotOf: () => Snapshot, hint: CacheHint | undefined): Operation {
  const finish = (
    context: RequestContext,
    output: ResourceOutput,
    uri: string,
    mimeType: unknown,
    own?: CacheHint,
  ): Outcome => {
    const result = toReadResult(output, uri, mimeType);
    if (isInputRequiredResult(result) || context.call.envelope === undefined) return result;
    return withCacheFields(result, own, hint);
  };
  return async (context, params) => {
    const asked = params['uri'] as string;
    if (!URL.canParse(asked)) {
      const data = { uri: asked, reason: 'invalid_uri' };
      throw new ProtocolError(INVALID_PARAMS, `Resource URI ${asked} is invalid`, data);
    }
    const url = new URL(asked);
    const found = findResource(snapshotOf(), { authInfo: context.authInfo }, asked);
    if (found === undefined) throw new ResourceNotFoundError(asked);
    const { component, variables } = found;
    context.component = component.name;
    if (!component.enabled) {
      const what =
        variables === undefined ? `Resource ${url}` : `Resource template ${component.resourceTemplate.uriTemplate}`;
      throw new ProtocolError(INVALID_PARAMS, `${what} disabled`);
    }
    // Read before the handler runs: what changes meanwhile concerns the next request.
    const { metadata, cacheHint } = component;
    let output: ResourceOutput;
    try {
      context.begin(component.readCallback);
      output =
        variables === undefined
          ? await component.readCallback(url, context)
          : await component.readCallback(url, variables, context);
    } catch (error) {
      output = endOfHandler(context, error);
    }
    return finish(context, output, asked, metadata.mimeType, cacheHint);
  };
}
