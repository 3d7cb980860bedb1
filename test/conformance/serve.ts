// The fixture as a process of its own: prints its URL as one line on stdout, then serves until SIGTERM.
import { serve } from 'slipway';
import server from './everything-server.ts';

const { url, close } = await serve(server, { port: 0 });
process.once('SIGTERM', () => {
  void close().then(() => process.exit(0));
});
process.stdout.write(`${url}\n`);
