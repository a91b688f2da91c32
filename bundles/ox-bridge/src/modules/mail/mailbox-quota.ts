import { GroupwareError } from '@oxtender/bundle-api';
import type { OxClient } from '../../http/ox-client';
import { OxError } from '../../http/ox-error';

/** No space in the mailbox; other limits are of one mail or of sending. OX HTTP API, "MSG codes". */
const mailboxFull: ReadonlySet<string> = new Set(['MSG-0039', 'MSG-0116', 'MSG-0117']);

/** Bytes; -1 is no limit. OX HTTP API, "Module quota". */
interface Quota {
  readonly quota: number;
  readonly use: number;
}

/** Runs what takes space in the mailbox. Where there is none, the error tells who reads the log how full the mailbox is. */
export async function takingSpace<T>(client: OxClient, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof OxError && mailboxFull.has(error.oxCode))) throw error;
    throw (await explained(error, client, signal)) ?? error;
  }
}

async function explained(error: OxError, client: OxClient, signal: AbortSignal): Promise<GroupwareError | undefined> {
  try {
    const { data } = await client.call<Quota>({ module: 'quota', action: 'mail' }, { signal });
    const message = `the mailbox is full: ${data.use} of ${data.quota} bytes are used`;
    return new GroupwareError('QUOTA', message, { cause: error, backend: { ...error.backend, ...data } });
  } catch (refusal) {
    // Servers without that module have told enough already.
    if (refusal instanceof GroupwareError) return undefined;
    throw refusal;
  }
}
