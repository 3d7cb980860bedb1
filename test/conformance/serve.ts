// The fixture as a process of its own: prints its URL as one line on stdout, then serves until SIGTERM.
import { parseArgs } from 'node:util';
import { type ResponseMode, serve } from 'slipway';
import server from './everything-server.ts';

const { values } = parseArgs({ options: { 'state-dir': { type: 'string' }, 'response-mode': { type: 'string' } } });
const { url, close } = await serve(server, {
  port: 0,
  stateDir: values['state-dir'],
  responseMode: values['response-mode'] as ResponseMode | undefined,
});
process.once('SIGTERM', () => {
  void close().then(() => process.exit(0));
});
process.stdout.write(`${url}\n`);
