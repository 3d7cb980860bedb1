/** Resources (MCP 2026-07-28, server/resources). */
import type { Annotations, BlobResourceContents, TextResourceContents } from './content.ts';
import type { BaseMetadata, Icons } from './implementation.ts';
import type { InputResponseRequestParams } from './input-required.ts';
import type { RequestParams } from './json-rpc.ts';
import type { MetaObject } from './request-meta.ts';
import type { PaginatedRequest, PaginatedResult, Result } from './result.ts';

/** A resource as `resources/list` shows it. */
export type Resource = BaseMetadata &
  Icons & {
    uri: string;
    description?: string;
    mimeType?: string;
    /** Bytes, before any base64. */
    size?: number;
    annotations?: Annotations;
    _meta?: MetaObject;
  };

/** A family of resources as `resources/templates/list` shows it. Named so because `ResourceTemplate` is a class. */
export type ResourceTemplateType = BaseMetadata &
  Icons & {
    /** RFC 6570. */
    uriTemplate: string;
    description?: string;
    mimeType?: string;
    annotations?: Annotations;
    _meta?: MetaObject;
  };

export type ListResourcesRequest = PaginatedRequest & { method: 'resources/list' };
export type ListResourcesResult = PaginatedResult & { resources: Resource[] };

export type ListResourceTemplatesRequest = PaginatedRequest & { method: 'resources/templates/list' };
export type ListResourceTemplatesResult = PaginatedResult & { resourceTemplates: ResourceTemplateType[] };

/** The parameters of every request about one resource. */
export type ResourceRequestParams = RequestParams & { uri: string };

export type ReadResourceRequestParams = ResourceRequestParams & InputResponseRequestParams;
export type ReadResourceRequest = { method: 'resources/read'; params: ReadResourceRequestParams };

/** The contents of a resource; a folder may answer with those of several. */
export type ReadResourceResult = Result & { contents: (TextResourceContents | BlobResourceContents)[] };

/** Legacy revisions only: asks for `notifications/resources/updated` about one resource. */
export type SubscribeRequestParams = ResourceRequestParams;
export type SubscribeRequest = { method: 'resources/subscribe'; params: SubscribeRequestParams };

/** Legacy revisions only: ends a subscription. */
export type UnsubscribeRequestParams = ResourceRequestParams;
export type UnsubscribeRequest = { method: 'resources/unsubscribe'; params: UnsubscribeRequestParams };
