/** `resources/list`, `resources/templates/list` and `resources/read`. MCP 2026-07-28, server/resources. */
import type { CacheHint } from '../protocol/cache-hint.ts';
import { isInputRequiredResult } from '../protocol/input-required.ts';
import { INVALID_PARAMS } from '../protocol/json-rpc.ts';
import { ProtocolError, ResourceNotFoundError } from '../protocol/protocol-error.ts';
import type { Result } from '../protocol/result.ts';
import { withCacheFields } from './cache-fields.ts';
import type { RequestContext } from './context.ts';
import type { Operation } from './middleware.ts';
import type { Outcome } from './outcome.ts';
import { exists } from './registration.ts';
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
    const dynamic = snapshot.templates.some(template => template.resourceTemplate.listCallback !== undefined);
    if (!dynamic) return snapshot.resourcePages.page(context, params);
    return listedByTemplates(snapshot, context).then(more => snapshot.resourcePages.page(context, params, more));
  };
}

/** What a handler returned, as a result: text and bytes become the one content of their URI. */
function toReadResult(output: ResourceOutput, uri: string, mimeType: unknown): Result {
  if (typeof output === 'string') return { contents: [{ uri, ...(mimeType ? { mimeType } : {}), text: output }] };
  if (output instanceof Uint8Array) {
    const blob = Buffer.from(output).toString('base64');
    return { contents: [{ uri, ...(mimeType ? { mimeType } : {}), blob }] };
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
    const snapshot = snapshotOf();
    if (!URL.canParse(asked)) {
      throw new ProtocolError(INVALID_PARAMS, `Resource URI ${asked} is invalid`, {
        uri: asked,
        reason: 'invalid_uri',
      });
    }
    const url = new URL(asked);
    const audience = { authInfo: context.authInfo };
    const resource = snapshot.resources.get(asked) ?? snapshot.resources.get(url.href);
    if (resource !== undefined && (resource.audience === undefined || resource.audience(audience))) {
      if (!resource.enabled) throw new ProtocolError(INVALID_PARAMS, `Resource ${url} disabled`);
      const output = await resource.readCallback(url, context);
      return finish(context, output, asked, resource.metadata.mimeType, resource.cacheHint);
    }
    for (const template of snapshot.templates) {
      if (template.audience !== undefined && !template.audience(audience)) continue;
      const { uriTemplate } = template.resourceTemplate;
      const variables = uriTemplate.match(url.href);
      if (variables === null) continue;
      if (!template.enabled) throw new ProtocolError(INVALID_PARAMS, `Resource template ${uriTemplate} disabled`);
      const output = await template.readCallback(url, variables, context);
      return finish(context, output, asked, template.metadata.mimeType, template.cacheHint);
    }
    throw new ResourceNotFoundError(asked);
  };
}
