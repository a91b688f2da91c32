import type { ItemMoveResult } from '@oxtender/bundle-api';
import { ConversationRules } from '../../lookup/conversation-rules';
import { findConversation } from '../../lookup/conversation-search';
import { type MailFolder, searchedFolders } from '../../lookup/mail-search';
import type { CommandCall, CommandServices } from '../../protocol/command';
import { commonStatus } from '../../protocol/common-status';
import { isAtLeast } from '../../protocol/versions';
import { type Element, ItemOperations as Page, element } from '../../wbxml';
import type { MoveOperation } from './request';
import { ItemOperationsStatus as Status } from './status';

/** Mails of a conversation that stay where they are: what the user wrote. [MS-ASCMD] "Move (ItemOperations)". */
const staying: ReadonlySet<MailFolder['role']> = new Set(['sent', 'drafts', 'outbox']);

/**
 * Moves the mails of a conversation that are there. The groupware keeps no conversations: with MoveAlways it is noted with
 * the device that those which come later are to be moved by its Sync. [MS-ASCMD] "Move (ItemOperations)".
 */
export async function moveConversation(
  asked: MoveOperation,
  call: CommandCall,
  { clock }: CommandServices,
): Promise<Element> {
  const answered = (status: number) =>
    element(Page.Move, element(Page.Status, status), element(Page.ConversationId, asked.conversationId));
  const { session, signal } = call;
  if (!isAtLeast(call.version, '14.0')) return answered(Status.ProtocolError);
  const target = (await session.folders({ signal })).find(({ collectionId }) => collectionId === asked.dstFldId);
  if (!target) return answered(Status.ItemNotFound);
  if (target.itemClass !== 'Email') return answered(commonStatus('MOVE_COMMAND_INVALID_DESTINATION_FOLDER'));
  const folders = await searchedFolders(session, { collectionIds: [], deep: false }, { signal });
  const mails = await findConversation(session, folders, asked.conversationId, { clock, signal });
  if (mails.length === 0) return answered(Status.ItemNotFound);
  const moving = mails.filter(({ folder }) => folder.collectionId !== target.collectionId && !staying.has(folder.role));
  const moves = await Promise.all(
    moving.map(async ({ folder, itemId }) => ({
      serverId: await session.serverIdOf(folder.collectionId, itemId),
      target: target.collectionId,
    })),
  );
  const status = statusOf(moves.length === 0 ? [] : await session.move(moves, { signal }));
  if (asked.options?.moveAlways === true && status === Status.Success) {
    const conversation = Buffer.from(asked.conversationId).toString('base64');
    await new ConversationRules(session).put({ conversation, target: target.collectionId, since: clock.now() });
  }
  return answered(status);
}

function statusOf(results: readonly ItemMoveResult[]): number {
  const failed = results.filter(({ status }) => status !== 'done' && status !== 'same-folder');
  if (failed.length === 0) return Status.Success;
  if (failed.length < results.length) return Status.PartialSuccess;
  return failed.some(({ status }) => status === 'forbidden') ? Status.AccessDenied : Status.ServerError;
}
