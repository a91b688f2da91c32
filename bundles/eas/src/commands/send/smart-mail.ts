import { Readable } from 'node:stream';
import { type Message, type SyncFolder, isOxtenderError } from '@oxtender/bundle-api';
import { type Enclosure, composeWithOriginal, isSealed } from '../../mail/compose';
import { type MailSource, splitSource } from '../../mail/source';
import type { CommandCall } from '../../protocol/command';
import { Refused } from '../../protocol/refused';
import { serverIdOfLongId } from '../../values/long-id';
import { type Outbox, digestOf, refuseRepeat } from './outbox';
import type { SmartMailDocument } from './request';

/** A reply or forward, whichever way the device's version says it. */
interface SmartMail {
  readonly mail: MailSource;
  readonly key: string;
  readonly saveInSent: boolean;
  readonly replaceMime: boolean;
  /** Which mail it is an answer to, or hands on: ServerId or LongId. */
  readonly source: { readonly itemId?: string | undefined; readonly longId?: string | undefined };
}

/** The mail that is answered or forwarded, and where it is. */
interface Original {
  readonly folder: SyncFolder;
  readonly itemId: string;
  readonly message: Message;
}

/** Sends a reply or forward with the original below it, and marks the original. */
export async function sendSmartMail(
  kind: 'answered' | 'forwarded',
  asked: SmartMailDocument | Uint8Array,
  call: CommandCall,
  outbox: Outbox,
): Promise<void> {
  const smart = smartMailOf(asked, call);
  const original = await findOriginal(smart.source, call);
  const whole = smart.replaceMime || isSealed(smart.mail);
  const enclosures = kind === 'forwarded' && !whole ? await enclosuresOf(original, call) : [];
  const mail = whole ? smart.mail : await composeWithOriginal(smart.mail, original.message, enclosures);
  const sending = await outbox.send({ ...smart, mail }, call);
  await mark(kind, original, call);
  refuseRepeat(sending, call);
}

function smartMailOf(asked: SmartMailDocument | Uint8Array, { parameters }: CommandCall): SmartMail {
  if (asked instanceof Uint8Array) {
    return {
      mail: splitSource(asked),
      key: digestOf(asked),
      saveInSent: parameters.saveInSent ?? false,
      replaceMime: false,
      source: parameters,
    };
  }
  return {
    mail: splitSource(asked.mime),
    key: asked.clientId,
    saveInSent: asked.saveInSentItems,
    replaceMime: asked.replaceMime,
    source: asked.source,
  };
}

/** @throws Refused ITEM_NOT_FOUND */
async function findOriginal({ itemId, longId = '' }: SmartMail['source'], call: CommandCall): Promise<Original> {
  const serverId = itemId ?? (await serverIdOfLongId(call.session, longId, call));
  const place = serverId === undefined ? undefined : await call.session.locate(serverId);
  if (serverId === undefined || !place) throw new Refused('ITEM_NOT_FOUND', 'the original is not known');
  const [result] = await call.session.fetch([serverId], { bodies: ['text', 'html'], signal: call.signal });
  if (!result || result.error || result.itemClass !== 'Email') {
    throw new Refused('ITEM_NOT_FOUND', 'the original is gone', { cause: result?.error });
  }
  return { ...place, message: result.item as Message };
}

async function enclosuresOf({ folder, itemId, message }: Original, call: CommandCall): Promise<Enclosure[]> {
  const enclosures: Enclosure[] = [];
  for (const attachment of message.attachments ?? []) {
    const { info, content } = await call.session.groupware.readAttachment(folder, itemId, attachment.id, call);
    enclosures.push({
      fileName: info.fileName,
      contentType: info.contentType,
      content: Readable.from(content),
      ...(attachment.contentId === undefined ? {} : { contentId: attachment.contentId }),
    });
  }
  return enclosures;
}

/** The mail is out: a mark that cannot be set is no reason to tell the device that it failed. */
async function mark(kind: 'answered' | 'forwarded', { folder, itemId }: Original, call: CommandCall): Promise<void> {
  try {
    await call.session.groupware.patch({ ...folder, itemClass: 'Email' }, itemId, { [kind]: true }, call);
  } catch (error) {
    if (!isOxtenderError(error)) throw error;
    call.log.warn('the mail was sent, but the original could not be marked', { mark: kind, error });
  }
}
