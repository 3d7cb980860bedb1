// A notebook in SQLite: tools, resources with a template, subscriptions, a prompt, completion. See README.md.
import { completable, McpServer, ResourceNotFoundError, ResourceTemplate, ToolError } from 'slipway';
import { z } from 'zod';
import { type Note, NoteStore } from './note-store.ts';

const store = new NoteStore(process.env['NOTES_DB'] ?? 'notes.db');

// `subscribe`: clients may ask to be told when a note changes.
const server = new McpServer({ name: 'notes', version: '1.0.0' }, { capabilities: { resources: { subscribe: true } } });
server.onStop(() => store.close());
// /readyz says 503 while the database can not be read.
server.addReadinessCheck('database', () => void store.search('', undefined, 1));

const id = z.number().int().positive().describe('The number of a note');
const uriOf = (note: number) => `notes://${note}`;

function noNote(note: number): ToolError {
  return new ToolError(`There is no note ${note}. Search to find the numbers of notes.`);
}

function asMarkdown({ title, text, tags, created }: Note): string {
  const labels = tags.length > 0 ? `, ${tags.map(tag => `#${tag}`).join(' ')}` : '';
  return `# ${title}\n\n${text}\n\n${created}${labels}\n`;
}

const found = z.object({
  notes: z.array(z.object({ id: z.number(), title: z.string(), tags: z.array(z.string()), created: z.string() })),
});

server.registerTool(
  'add',
  {
    title: 'Add a note',
    description: 'Writes a new note and returns a link to it',
    inputSchema: z.object({
      title: z.string().trim().min(1).max(200),
      text: z.string().max(100_000),
      tags: z
        .array(z.string().regex(/^[\w-]+$/))
        .max(10)
        .default([])
        .describe('Single words to find it by'),
    }),
    annotations: { destructiveHint: false, idempotentHint: false, openWorldHint: false },
  },
  async note => {
    const added = store.add(note);
    // Clients that show the list of resources fetch it again.
    server.sendResourceListChanged();
    return {
      content: [
        { type: 'text', text: `Note ${added.id} is written.` },
        { type: 'resource_link', uri: uriOf(added.id), name: added.title, mimeType: 'text/markdown' },
      ],
    };
  },
);

server.registerTool(
  'append',
  {
    title: 'Append to a note',
    description: 'Adds a line at the end of a note',
    inputSchema: z.object({ id, text: z.string().min(1).max(10_000) }),
    annotations: { destructiveHint: false, idempotentHint: false, openWorldHint: false },
  },
  async ({ id, text }) => {
    if (store.append(id, text) === undefined) throw noNote(id);
    // Only clients that subscribed to this note hear of it.
    server.sendResourceUpdated({ uri: uriOf(id) });
    return `Note ${id} is longer now.`;
  },
);

server.registerTool(
  'search',
  {
    title: 'Search notes',
    description: 'Finds notes by words in them, the newest first. Read a note as the resource notes://{id}.',
    inputSchema: z.object({
      text: z.string().default('').describe('Part of the title or text; empty for all notes'),
      tag: z.string().optional(),
      limit: z.number().int().min(1).max(50).default(20),
    }),
    outputSchema: found,
    annotations: { readOnlyHint: true, openWorldHint: false },
  },
  async ({ text, tag, limit }) => ({
    notes: store.search(text, tag, limit).map(({ id, title, tags, created }) => ({ id, title, tags, created })),
  }),
);

server.registerTool(
  'delete',
  {
    title: 'Delete a note',
    description: 'Deletes a note for good',
    inputSchema: z.object({ id }),
    annotations: { destructiveHint: true, idempotentHint: true, openWorldHint: false },
  },
  async ({ id }) => {
    if (!store.delete(id)) throw noNote(id);
    server.sendResourceListChanged();
    server.sendResourceUpdated({ uri: uriOf(id) });
    return `Note ${id} is deleted.`;
  },
);

server.registerResource(
  'note',
  new ResourceTemplate('notes://{id}', {
    list: () => ({
      resources: store
        .search('', undefined, 100)
        .map(({ id, title }) => ({ uri: uriOf(id), name: title, title, mimeType: 'text/markdown' })),
    }),
    complete: {
      id: typed =>
        store
          .search('', undefined, 100)
          .map(({ id }) => String(id))
          .filter(id => id.startsWith(typed)),
    },
  }),
  { title: 'A note', description: 'One note as Markdown', mimeType: 'text/markdown' },
  (uri, variables) => {
    const text = String(variables['id']);
    const note = /^\d{1,15}$/.test(text) ? store.get(Number(text)) : undefined;
    if (note === undefined) throw new ResourceNotFoundError(uri.href);
    return asMarkdown(note);
  },
);

server.registerPrompt(
  'summarize',
  {
    title: 'Summarize notes',
    description: 'Asks for a summary of all notes with a tag',
    argsSchema: z.object({ tag: completable(z.string().describe('A tag in use'), typed => store.tags(typed)) }),
  },
  ({ tag }) => ({
    messages: [
      { role: 'user', content: { type: 'text', text: `Summarize these notes on ${tag}. Keep names and dates.` } },
      ...store.search('', tag, 20).map(note => ({
        role: 'user' as const,
        content: {
          type: 'resource' as const,
          resource: { uri: uriOf(note.id), mimeType: 'text/markdown', text: asMarkdown(note) },
        },
      })),
    ],
  }),
);

export default server;
