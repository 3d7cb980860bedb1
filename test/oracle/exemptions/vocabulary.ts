import type { Exemption } from '../exemption.ts';
import { hasModernEra, isField, memberOf, olderRevision, slipwayPart } from './answer-part.ts';

const TITLED = '(tools|prompts|resources|resourceTemplates)\\.\\d+\\.title|serverInfo\\.title';
const OF_TOOLS = 'tools\\.\\d+\\.(_meta|outputSchema)|structuredContent';
const UNKNOWN_BEFORE_2025_06_18 = new RegExp(`^messages\\.\\d+\\.result\\.(${TITLED}|${OF_TOOLS})$`);

const ENTRY = '(tools|prompts|resources|resourceTemplates)\\.\\d+\\.icons';
const UNKNOWN_BEFORE_2025_11_25 = new RegExp(
  `^messages\\.\\d+\\.result\\.(${ENTRY}|serverInfo\\.(icons|websiteUrl|description))$`,
);

/** Results in the words of the request's revision; the SDK speaks the newest one's to everybody. */
export const vocabulary: readonly Exemption[] = [
  {
    name: 'what came with 2025-11-25 is left out before it',
    covers: (difference, exchange) =>
      !hasModernEra(exchange) &&
      olderRevision(exchange) < '2025-11-25' &&
      isField(difference, UNKNOWN_BEFORE_2025_11_25) &&
      difference.slipway === undefined,
    reason: 'No older revision has icons, or the description and website of an implementation.',
    spec: '2025-11-25, changelog, Major changes, item 2, and Minor changes, item 2; 2025-06-18, schema, Implementation',
  },
  {
    name: 'what came with 2025-06-18 is left out before it',
    covers: (difference, exchange) =>
      !hasModernEra(exchange) &&
      olderRevision(exchange) < '2025-06-18' &&
      isField(difference, UNKNOWN_BEFORE_2025_06_18) &&
      difference.slipway === undefined,
    reason: 'No older revision has titles, the _meta of a tool, output schemas or structured content.',
    spec: '2025-06-18, changelog, Major changes, item 2, and Other schema changes, items 1 and 3; 2025-03-26, schema',
  },
  {
    name: 'a resource link is text before 2025-06-18',
    covers: (difference, exchange, { sdk, slipway }) => {
      const [, index] = /^messages\.0\.result\.content\.(\d+)\.\w+$/.exec(difference.field) ?? [];
      if (index === undefined || hasModernEra(exchange) || olderRevision(exchange) >= '2025-06-18') return false;
      const link = memberOf(sdk.messages[0], 'result', 'content', index);
      if (memberOf(link, 'type') !== 'resource_link') return false;
      const text = `${memberOf(link, 'name')}: ${memberOf(link, 'uri')}`;
      const block = memberOf(slipway.messages[0], 'result', 'content', index);
      return JSON.stringify(block) === JSON.stringify({ type: 'text', text });
    },
    reason: 'A content type that a client does not know fails the whole result there; text says where to read.',
    spec: '2025-06-18, changelog, Major changes, item 7; 2025-03-26, schema, CallToolResult',
  },
  {
    name: 'a wrapped output schema names its dialect at the root only',
    covers: (difference, exchange, answers) =>
      !hasModernEra(exchange) &&
      isField(difference, /^messages\.0\.result\.tools\.\d+\.outputSchema\.properties\.result\.\$schema$/) &&
      difference.slipway === undefined &&
      memberOf(slipwayPart(difference, answers, 6), '$schema') === difference.sdk,
    reason: 'The SDK leaves the keyword in the subschema too, where it must not be.',
    spec: 'JSON Schema 2020-12, Core, section 8.1.1; 2025-11-25, server/tools, Output Schema',
  },
  {
    name: 'structured content alone is text before 2025-06-18',
    covers: (difference, exchange, { sdk }) =>
      exchange.family === 'tools/call' &&
      !hasModernEra(exchange) &&
      olderRevision(exchange) < '2025-06-18' &&
      difference.field === 'messages.0.result.content.0' &&
      difference.sdk === undefined &&
      memberOf(difference.slipway, 'type') === 'text' &&
      memberOf(difference.slipway, 'text') === JSON.stringify(memberOf(sdk.messages[0], 'result', 'structuredContent')),
    reason: 'Its only part is one that the client does not know: the result would be empty.',
    spec: '2025-06-18, server/tools, Structured Content; 2025-03-26, schema, CallToolResult',
  },
];
