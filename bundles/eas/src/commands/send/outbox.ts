import { createHash, randomUUID } from 'node:crypto';
import { type MailStore, type SyncSession, isOxtenderError } from '@oxtender/bundle-api';
import { withOriginalUids } from '../../mail/calendar-uids';
import { completeHeaders, recipientsOf } from '../../mail/sender';
import { type MailSource, streamSource } from '../../mail/source';
import type { CommandCall, CommandServices } from '../../protocol/command';
import { Refused } from '../../protocol/refused';
import type { Bytes } from '../../wbxml';
import { isAtLeast } from '../../protocol/versions';
import { SentMails, type SentMail } from './sent-mails';

/** A mail to send, and by what a repeat of it is known. */
export interface OutgoingMail {
  readonly mail: MailSource;
  /** ClientId, or a digest of the mail for versions without. */
  readonly key: string;
  /** Milliseconds after which the same key is another mail; absent: never. */
  readonly repeatWithin?: number;
  readonly saveInSent: boolean;
}

/** `repeated`: the mail was out already. */
export type Sending = 'sent' | 'repeated';

export function digestOf(...parts: readonly (Uint8Array | string)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('base64url');
}

/** For how long the same bytes are the same mail: nobody writes the same words to the same people so soon again. */
const sameBytes = 3_600_000;

/** How a mail without ClientId is known: devices repeat it byte for byte. @param about - what else makes it this mail */
export async function keyOfBytes(
  mail: Bytes,
  ...about: readonly string[]
): Promise<Pick<OutgoingMail, 'key' | 'repeatWithin'>> {
  const hash = createHash('sha256');
  for await (const piece of mail.stream()) hash.update(piece);
  for (const part of about) hash.update(part);
  return { key: hash.digest('base64url'), repeatWithin: sameBytes };
}

/**
 * Sends each mail once. It is noted with the device's session before it is handed over; a repeat finds the note, and
 * where the first attempt's end is not known, looks for the mail in the sent folder: the groupware always keeps a copy
 * there, which is taken away afterwards when the user does not want it. [MS-ASCMD] "ClientId (SendMail)".
 */
export class Outbox {
  readonly #inFlight = new Map<string, Promise<Sending>>();

  constructor(private readonly services: CommandServices) {}

  /** @throws Refused MESSAGE_HAS_NO_RECIPIENT, MAIL_SUBMISSION_FAILED, SEND_QUOTA_EXCEEDED */
  async send(outgoing: OutgoingMail, call: CommandCall): Promise<Sending> {
    const { device } = call.session;
    const id = `${device.contextId}/${device.userId}/${device.deviceId}/${outgoing.key}`;
    const first = this.#inFlight.get(id);
    if (first) {
      await first;
      return repeated(call);
    }
    const sending = this.#sendOnce(outgoing, call);
    this.#inFlight.set(id, sending);
    try {
      return await sending;
    } finally {
      this.#inFlight.delete(id);
    }
  }

  /** True for a mail that is out. */
  hasSent(key: string, { session }: CommandCall): boolean {
    return new SentMails(session).find(key)?.state === 'sent';
  }

  async #sendOnce(outgoing: OutgoingMail, call: CommandCall): Promise<Sending> {
    const { key } = outgoing;
    const { session } = call;
    const now = this.services.clock.now();
    const sent = new SentMails(session);
    const known = sent.find(key, now - (outgoing.repeatWithin ?? Infinity));
    const mail = await withOriginalUids(
      outgoing.mail,
      (uid) => this.services.uids.original(session.user, uid),
      call.contents,
    );
    await completeHeaders(mail, session.user, known?.messageId ?? newMessageId(session), now);
    if ((await recipientsOf(mail)).length === 0)
      throw new Refused('MESSAGE_HAS_NO_RECIPIENT', 'the mail has no recipient');
    if (known?.state === 'sent') return repeated(call);
    const copy = known && (await copyInSentFolder(known, call));
    if (known && copy) {
      await this.#finish({ ...known, copy }, outgoing, call);
      return repeated(call);
    }
    const store = mailStoreOf(session);
    const messageId = mail.headers.getFirst('message-id');
    const entry = { key, messageId, state: 'pending', at: now } as const;
    await sent.note(entry);
    const kept = await this.#handOver(store, mail, entry, call);
    await this.#finish({ ...entry, ...(kept ? { copy: kept } : {}) }, outgoing, call);
    return 'sent';
  }

  async #handOver(
    store: MailStore,
    mail: MailSource,
    entry: SentMail,
    { session, signal }: CommandCall,
  ): Promise<SentMail['copy']> {
    try {
      return await store.send(streamSource(mail), { saveInSent: true, signal });
    } catch (error) {
      return await this.#failed(error, entry, session);
    }
  }

  /** The mail is out. Only when that is noted, the copy by which it would be found may go. */
  async #finish(entry: SentMail, { saveInSent }: OutgoingMail, { session, signal, log }: CommandCall): Promise<void> {
    const { copy, ...rest } = entry;
    await new SentMails(session).note({ ...rest, state: 'sent' });
    if (saveInSent || !copy) return;
    const folder = { id: copy.folderId, itemClass: 'Email' } as const;
    const [deleted] = await session.groupware.delete(folder, [copy.id], { mode: 'permanent', signal });
    if (deleted?.error) log.warn('a copy that nobody wants stays in the sent folder', { error: deleted.error });
  }

  /** A clear refusal frees the note; when nobody knows whether the mail is out, the note stays. */
  async #failed(error: unknown, entry: SentMail, session: SyncSession): Promise<never> {
    if (!isOxtenderError(error, 'INVALID', 'PERMISSION', 'QUOTA', 'UNSUPPORTED')) throw error;
    await new SentMails(session).forget(entry.key);
    const code = error.code === 'QUOTA' ? 'SEND_QUOTA_EXCEEDED' : 'MAIL_SUBMISSION_FAILED';
    throw new Refused(code, error.message, { cause: error });
  }
}

/** From 14.0 the device is told that the mail is out already; older ones know no such status, and it is out. */
export function refuseRepeat(sending: Sending, { version }: CommandCall): void {
  if (sending === 'repeated' && isAtLeast(version, '14.0'))
    throw new Refused('MESSAGE_PREVIOUSLY_SENT', 'the mail was sent before');
}

function repeated({ log }: CommandCall): Sending {
  log.info('mail was sent before, not sent again');
  return 'repeated';
}

/** Asked before the mail is noted: what cannot go out at all leaves no doubt behind. */
function mailStoreOf({ groupware: { mail } }: SyncSession): MailStore {
  if (!mail) throw new Refused('USER_HAS_NO_MAILBOX', 'the groupware has no mail for this user');
  return mail;
}

async function copyInSentFolder({ messageId }: SentMail, call: CommandCall): Promise<SentMail['copy']> {
  const folders = await call.session.groupware.listFolders({ signal: call.signal });
  const sent = folders.find(({ role }) => role === 'sent');
  if (!sent) return undefined;
  const found = await call.session.groupware.findCreated(sent, messageId, { signal: call.signal });
  return found && { folderId: sent.id, id: found.id };
}

/** With angle brackets. */
export function newMessageId({ user }: SyncSession): string {
  return `<${randomUUID()}@${user.primaryAddress.split('@')[1] ?? 'localhost'}>`;
}
