/**
 * The official demonstration server over Streamable HTTP, as it comes.
 * usage: node server-everything.ts PORT
 */
process.env['PORT'] = process.argv[2];
process.argv[2] = 'streamableHttp';
await import(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'));

export {};
