import { type ItemPatch, type Message, type ServerId, type SyncFolder, isOxtenderError } from '@oxtender/bundle-api';
import { isToBeSent } from '../../classes';
import { namedRecipientsOf } from '../../mail/sender';
import { type MailSource, splitSource } from '../../mail/source';
import type { CommandCall } from '../../protocol/command';
import { commonStatus } from '../../protocol/common-status';
import { isAtLeast } from '../../protocol/versions';
import { type Outbox, newMessageId } from '../send/outbox';
import type { PlannedChange } from './client-changes';
import { type EndedChange, serverIdOf } from './made-items';
import { RewrittenDrafts } from './rewritten-drafts';
import { SyncStatus } from './status';

/** Where a draft is. */
interface Draft {
  readonly folder: SyncFolder;
  readonly itemId: string;
}

/** A draft that is to be sent, by the ServerId that the device knows. */
type SendTask = Draft & { readonly serverId: ServerId };

/**
 * Sends drafts by Sync, from 16.0. What the device changed and sends in one is sent before the engine looks at the folder,
 * so that the answer tells that the draft is gone; what it made is stored first, as any draft. [MS-ASEMAIL] "Send".
 */
export class DraftSending {
  constructor(
    private readonly outbox: Outbox,
    private readonly call: CommandCall,
  ) {}

  /** Sends the changed ones; refuses new ones that are for nobody: the device keeps what it wrote. */
  async before(planned: readonly PlannedChange[]): Promise<PlannedChange[]> {
    const results: PlannedChange[] = [];
    for (const plan of planned) results.push(this.#isSending(plan) ? await this.#planned(plan) : plan);
    return results;
  }

  /** Sends the new ones, which are stored now. Those that cannot be sent stay, with a status. */
  async after(ended: readonly EndedChange[]): Promise<EndedChange[]> {
    const results: EndedChange[] = [];
    for (const one of ended) {
      const { planned, result } = one;
      const isMade = planned.change?.kind === 'add' && result?.status === 'done' && this.#isSending(planned);
      const serverId = serverIdOf(one);
      const place = isMade ? await this.call.session.locate(serverId) : undefined;
      const status = place ? await this.#send({ ...place, serverId }) : SyncStatus.Success;
      const failed = { planned: { command: planned.command, status, serverId }, result: undefined };
      results.push(status === SyncStatus.Success ? one : failed);
    }
    return results;
  }

  #isSending({ command }: PlannedChange): boolean {
    if (command.kind === 'delete' || !isAtLeast(this.call.version, '16.0')) return false;
    return isToBeSent(command.value.applicationData);
  }

  async #planned(plan: PlannedChange): Promise<PlannedChange> {
    const { command, change } = plan;
    if (change?.kind === 'add') {
      const isForSomebody = areSendable(await recipientsOf(change.item as Message));
      return isForSomebody ? plan : { command, status: commonStatus('DRAFT_RECIPIENTS_INVALID') };
    }
    if (change?.kind !== 'change') return plan;
    const place = await this.call.session.locate(change.serverId);
    if (place?.folder.role !== 'drafts') return { command, status: SyncStatus.ConversionFailed };
    const draft = await this.#rewrite({ ...place, serverId: change.serverId }, change.patch);
    return { command, status: draft ? await this.#send(draft) : this.#statusOfGone(change.serverId) };
  }

  /**
   * A draft with the device's change in it; `undefined` when there is none. A mail cannot change: the groupware writes
   * another, and takes the old one away.
   */
  async #rewrite(task: SendTask, change: DraftPatch): Promise<SendTask | undefined> {
    const { session, signal } = this.call;
    const { groupware } = session;
    const rewritten = new RewrittenDrafts(session);
    const known = rewritten.find(task.serverId);
    if (known?.itemId !== undefined) return { ...task, itemId: known.itemId };
    const folder = { id: task.folder.id, itemClass: 'Email' } as const;
    const there = known && (await groupware.findCreated(folder, known.messageId, { signal }));
    if (there && there.id !== task.itemId) {
      await groupware.delete(folder, [task.itemId], { mode: 'permanent', signal });
      return { ...task, itemId: there.id };
    }
    const [found] = await groupware.read(folder, [task.itemId], { bodies: ['text', 'html'], signal });
    if (!found || isOxtenderError(found.error, 'NOT_FOUND')) return undefined;
    if (found.error) throw found.error;
    const patch = typeof change === 'function' ? change(found.item) : change;
    if (Object.keys(patch).length === 0) return task;
    const messageId = messageIdIn(patch) ?? known?.messageId ?? newMessageId(session);
    await rewritten.note({ serverId: task.serverId, messageId });
    const { id } = await groupware.patch(folder, task.itemId, { ...patch, messageId }, { signal });
    await rewritten.note({ serverId: task.serverId, messageId, itemId: id });
    return { ...task, itemId: id };
  }

  async #send(task: SendTask): Promise<number> {
    const { call, outbox } = this;
    const mail = await this.#read(task);
    if (!mail) return this.#statusOfGone(task.serverId);
    if (!areSendable(await namedRecipientsOf(mail))) return commonStatus('DRAFT_RECIPIENTS_INVALID');
    try {
      await outbox.send({ mail, key: keyOf(task.serverId), saveInSent: true }, call);
    } catch (error) {
      if (!isOxtenderError(error, 'MAIL_SUBMISSION_FAILED', 'SEND_QUOTA_EXCEEDED')) throw error;
      call.log.warn('a draft could not be sent', { error });
      return SyncStatus.ServerError;
    }
    const options = { mode: 'permanent', signal: call.signal } as const;
    const [deleted] = await call.session.groupware.delete(task.folder, [task.itemId], options);
    if (deleted?.error) call.log.warn('a draft is sent, but stays with the drafts', { error: deleted.error });
    return SyncStatus.Success;
  }

  async #read({ folder, itemId }: Draft): Promise<MailSource | undefined> {
    const { contents, session, signal } = this.call;
    try {
      const stream = await session.groupware.mail?.readSource(folder, itemId, { signal });
      return stream && splitSource(await contents.store(stream));
    } catch (error) {
      if (isOxtenderError(error, 'NOT_FOUND')) return undefined;
      throw error;
    }
  }

  /** A draft that is gone was sent, or somebody deleted it. */
  #statusOfGone(serverId: ServerId): number {
    return this.outbox.hasSent(keyOf(serverId), this.call) ? SyncStatus.Success : SyncStatus.NotFound;
  }
}

type DraftPatch = ItemPatch<'Email'> | ((current: Message) => ItemPatch<'Email'>);

/** A draft that comes as MIME may name itself. */
function messageIdIn({ source }: ItemPatch<'Email'>): string | undefined {
  return (source && splitSource(source).headers.getFirst('message-id')) || undefined;
}

function keyOf(serverId: ServerId): string {
  return `draft/${serverId}`;
}

async function recipientsOf({ source, to = [], cc = [], bcc = [] }: Message): Promise<string[]> {
  return source ? namedRecipientsOf(splitSource(source)) : [...to, ...cc, ...bcc].map(({ address }) => address);
}

function areSendable(addresses: readonly string[]): boolean {
  return addresses.length > 0 && addresses.every((address) => /^[^\s@<>]+@[^\s@<>]+$/.test(address));
}
