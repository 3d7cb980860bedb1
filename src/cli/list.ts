/** `slipway list`: what a server offers, for people and for scripts. */
import type { FlagValues, RestOfLine } from './command.ts';
import { listing, type Offer } from './list/listing.ts';
import { type Reached, reach, targetOf } from './reach/reach.ts';
import { reachSettings } from './reach/reach-flags.ts';
import { switchValue } from './switch-value.ts';

/** Of a terminal that does not say; and of a file, so that it looks the same everywhere. */
const COLUMNS = 100;

async function offerOf({ client, timeout, signal }: Reached): Promise<Offer> {
  const options = { timeout, signal };
  const { tools } = await client.listTools(undefined, options);
  const { resources } = await client.listResources(undefined, options);
  const { resourceTemplates } = await client.listResourceTemplates(undefined, options);
  const { prompts } = await client.listPrompts(undefined, options);
  return {
    server: client.getServerVersion(),
    protocolVersion: client.getNegotiatedProtocolVersion(),
    instructions: client.getInstructions(),
    capabilities: client.getServerCapabilities(),
    tools,
    resources,
    resourceTemplates,
    prompts,
  };
}

/**
 * `slipway list`: prints tools with their arguments, resources and prompts.
 *
 * @param target the URL of a server, or a server file; undefined: one of the usual names in the current folder
 * @throws SlipwayError `SLIP_CLI_*`, `SLIP_SERVER_*`
 */
export async function list(target: string | undefined, values: FlagValues, rest: RestOfLine): Promise<void> {
  const settings = reachSettings(values, rest);
  const json = switchValue('json', values['json']) === true;
  await reach(targetOf(target, settings), settings, {}, async reached => {
    const offer = await offerOf(reached);
    const text = json
      ? `${JSON.stringify(offer, null, 2)}\n`
      : listing(offer, reached.place, process.stdout.columns ?? COLUMNS);
    await reached.output.write(text);
  });
}
