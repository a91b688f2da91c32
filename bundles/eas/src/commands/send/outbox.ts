import { createHash } from 'node:crypto';
import { type SyncSession, isOxtenderError } from '@oxtender/bundle-api';
import { completeHeaders, recipientsOf } from '../../mail/sender';
import { type MailSource, joinSource } from '../../mail/source';
import type { CommandCall, CommandServices } from '../../protocol/command';
import { Refused } from '../../protocol/refused';
import { isAtLeast } from '../../protocol/versions';

/** Mails of a device that are remembered. */
const remembered = 50;

const field = 'eas.sent';

/** A mail that was handed to the groupware, or was about to be when the process ended. */
interface SentMail {
  readonly key: string;
  readonly messageId: string;
  readonly state: 'pending' | 'sent';
}

/** A mail to send, and by what a repeat of it is known. */
export interface OutgoingMail {
  readonly mail: MailSource;
  /** ClientId, or a digest of the mail for versions without. */
  readonly key: string;
  readonly saveInSent: boolean;
}

/** A key for a mail that has no ClientId: devices repeat it byte for byte, its Date included. */
export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url');
}

/**
 * Sends each mail once. It is noted with the device's session before it is handed over; a repeat finds the note, and
 * where the first attempt's end is not known, looks for the mail in the sent folder. [MS-ASCMD] "ClientId (SendMail)".
 */
export class Outbox {
  readonly #inFlight = new Map<string, Promise<void>>();

  constructor(private readonly services: CommandServices) {}

  /** @throws Refused MESSAGE_PREVIOUSLY_SENT, MESSAGE_HAS_NO_RECIPIENT, MAIL_SUBMISSION_FAILED, SEND_QUOTA_EXCEEDED */
  async send(outgoing: OutgoingMail, call: CommandCall): Promise<void> {
    const { device } = call.session;
    const id = `${device.contextId}/${device.userId}/${device.deviceId}/${outgoing.key}`;
    const first = this.#inFlight.get(id);
    if (first) {
      await first;
      repeated(call);
      return;
    }
    const sending = this.#sendOnce(outgoing, call);
    this.#inFlight.set(id, sending);
    try {
      await sending;
    } finally {
      this.#inFlight.delete(id);
    }
  }

  async #sendOnce({ mail, key, saveInSent }: OutgoingMail, call: CommandCall): Promise<void> {
    const { session, signal } = call;
    await completeHeaders(mail, session.user, messageIdFor(key, session), this.services.clock.now());
    if ((await recipientsOf(mail)).length === 0)
      throw new Refused('MESSAGE_HAS_NO_RECIPIENT', 'the mail has no recipient');
    const known = sentMails(session).find((sent) => sent.key === key);
    if (known?.state === 'sent' || (known && (await isInSentFolder(known, call)))) {
      await note(session, { ...known, state: 'sent' });
      repeated(call);
      return;
    }
    const { mail: store } = session.groupware;
    if (!store) throw new Refused('USER_HAS_NO_MAILBOX', 'the groupware has no mail for this user');
    const entry = { key, messageId: mail.headers.getFirst('message-id'), state: 'pending' } as const;
    await note(session, entry);
    try {
      await store.send(chunks(joinSource(mail)), { saveInSent, signal });
    } catch (error) {
      await this.#failed(error, entry, session);
    }
    await note(session, { ...entry, state: 'sent' });
  }

  /** A clear refusal frees the note; when nobody knows whether the mail is out, the note stays. */
  async #failed(error: unknown, entry: SentMail, session: SyncSession): Promise<never> {
    if (!isOxtenderError(error, 'INVALID', 'PERMISSION', 'QUOTA', 'UNSUPPORTED')) throw error;
    await forget(session, entry.key);
    const code = error.code === 'QUOTA' ? 'SEND_QUOTA_EXCEEDED' : 'MAIL_SUBMISSION_FAILED';
    throw new Refused(code, error.message, { cause: error });
  }
}

/** From 14.0 the device is told that the mail is out already; older ones know no such status, and it is out. */
function repeated({ version, log }: CommandCall): void {
  log.info('mail was sent before, not sent again');
  if (isAtLeast(version, '14.0')) throw new Refused('MESSAGE_PREVIOUSLY_SENT', 'the mail was sent before');
}

async function isInSentFolder({ messageId }: SentMail, call: CommandCall): Promise<boolean> {
  const folders = await call.session.folders({ signal: call.signal });
  const sent = folders.find(({ role }) => role === 'sent');
  if (!sent) return false;
  return (await call.session.groupware.findCreated(sent, messageId, { signal: call.signal })) !== undefined;
}

function messageIdFor(key: string, { device, user }: SyncSession): string {
  const digest = digestOf(Buffer.from(`${device.contextId}/${device.userId}/${device.deviceId}/${key}`));
  return `<${digest.slice(0, 32)}@${user.primaryAddress.split('@')[1] ?? 'localhost'}>`;
}

function sentMails(session: SyncSession): SentMail[] {
  return JSON.parse(session.fields.get(field) ?? '[]') as SentMail[];
}

function forget(session: SyncSession, key: string): Promise<void> {
  return session.fields.set({ [field]: JSON.stringify(sentMails(session).filter((sent) => sent.key !== key)) });
}

function note(session: SyncSession, entry: SentMail): Promise<void> {
  const others = sentMails(session).filter((sent) => sent.key !== entry.key);
  return session.fields.set({ [field]: JSON.stringify([...others, entry].slice(-remembered)) });
}

async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
