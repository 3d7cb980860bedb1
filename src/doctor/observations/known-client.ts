/** A client that the authorization server knows: by the document of a real one, or because the doctor registered it. */
import type { Examination } from '../examination.ts';
import { describedServer, takesDocuments } from './authorization-server.ts';
import { authorize } from './authorize.ts';
import { hostedRegistration, loopbackRegistration, type RegisteredClient } from './registration.ts';
import { CLAUDE_CALLBACK, CLAUDE_CODE_CALLBACK, CLAUDE_CODE_DOCUMENT, CLAUDE_DOCUMENT } from './sign-in-client.ts';

export interface KnownClient {
  readonly client: RegisteredClient;
  /** One that is registered. */
  readonly redirectUri: string;
}

/** Hosted Claude: by its document where such are taken, else as registered, with `--write` only. */
export async function hostedClient(examination: Examination): Promise<KnownClient | undefined> {
  const server = await describedServer(examination);
  if (server === undefined) return undefined;
  if (takesDocuments(server.document)) {
    const authorized = await authorize(examination, { clientId: CLAUDE_DOCUMENT, redirectUri: CLAUDE_CALLBACK });
    if (authorized?.state === 'taken') return { client: { id: CLAUDE_DOCUMENT }, redirectUri: CLAUDE_CALLBACK };
  }
  if (examination.options.write !== true) return undefined;
  const client = (await hostedRegistration(examination))?.client;
  return client === undefined ? undefined : { client, redirectUri: CLAUDE_CALLBACK };
}

/** Claude Code, in the same way. */
export async function loopbackClient(examination: Examination): Promise<KnownClient | undefined> {
  const server = await describedServer(examination);
  if (server === undefined) return undefined;
  if (takesDocuments(server.document))
    return { client: { id: CLAUDE_CODE_DOCUMENT }, redirectUri: CLAUDE_CODE_CALLBACK };
  if (examination.options.write !== true) return undefined;
  const registration = await loopbackRegistration(examination);
  const client = registration?.client;
  return client === undefined ? undefined : { client, redirectUri: registration!.redirectUris[0]! };
}
