/** A tool's result for people. */
import type { ContentBlock } from '../../protocol/content.ts';
import type { CallToolResult } from '../../protocol/tool.ts';
import { visibleLine } from '../reach/visible-text.ts';

const BASE64_RATIO = 3 / 4;

function sizeOf(base64: string): string {
  const bytes = Math.floor(base64.replace(/=+$/, '').length * BASE64_RATIO);
  return bytes < 10_000 ? `${bytes} bytes` : `${Math.round(bytes / 1_000)} kB`;
}

function blockText(block: ContentBlock): string {
  switch (block.type) {
    case 'text':
      return block.text;
    case 'image':
    case 'audio':
      return `[${block.type} ${visibleLine(block.mimeType)}, ${sizeOf(block.data)}; --json has it]`;
    case 'resource_link':
      return `${visibleLine(block.title ?? block.name)}: ${visibleLine(block.uri)}`;
    case 'resource': {
      const { resource } = block;
      if ('text' in resource) return resource.text;
      return `[${visibleLine(resource.uri)}, ${sizeOf(resource.blob)}; --json has it]`;
    }
    default:
      return `[${String((block as { type?: unknown }).type)}; --json has it]`;
  }
}

/** What it says, one block after the other; its data where it says nothing. */
export function resultText({ content, structuredContent }: CallToolResult): string {
  const blocks = Array.isArray(content) ? content.map(blockText) : [];
  if (blocks.length > 0) return blocks.join('\n');
  return structuredContent === undefined ? '' : JSON.stringify(structuredContent, null, 2);
}
