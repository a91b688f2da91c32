import type { ItemMoveResult } from '@oxtender/bundle-api';
import { findConversation } from '../../lookup/conversation-search';
import { type MailFolder, searchedFolders } from '../../lookup/mail-search';
import type { CommandCall } from '../../protocol/command';
import { commonStatus } from '../../protocol/common-status';
import { isAtLeast } from '../../protocol/versions';
import { type Element, ItemOperations as Page, element } from '../../wbxml';
import type { MoveOperation } from './request';
import { ItemOperationsStatus as Status } from './status';

/** Mails of a conversation that stay where they are: what the user wrote. [MS-ASCMD] "Move (ItemOperations)". */
const staying: ReadonlySet<MailFolder['role']> = new Set(['sent', 'drafts', 'outbox']);

/**
 * Moves the mails of a conversation that are there. The groupware keeps no conversations: mails that come later are not
 * moved, MoveAlways or not. [MS-ASCMD] "Move (ItemOperations)".
 */
export async function moveConversation(asked: MoveOperation, call: CommandCall): Promise<Element> {
  const answered = (status: number) =>
    element(Page.Move, element(Page.Status, status), element(Page.ConversationId, asked.conversationId));
  const { session, signal } = call;
  if (!isAtLeast(call.version, '14.0')) return answered(Status.ProtocolError);
  const target = (await session.folders({ signal })).find(({ collectionId }) => collectionId === asked.dstFldId);
  if (!target) return answered(Status.ItemNotFound);
  if (target.itemClass !== 'Email') return answered(commonStatus('MOVE_COMMAND_INVALID_DESTINATION_FOLDER'));
  const folders = await searchedFolders(session, { collectionIds: [], deep: false }, { signal });
  const mails = await findConversation(session, folders, asked.conversationId, { signal });
  if (mails.length === 0) return answered(Status.ItemNotFound);
  const moving = mails.filter(({ folder }) => folder.collectionId !== target.collectionId && !staying.has(folder.role));
  const moves = await Promise.all(
    moving.map(async ({ folder, itemId }) => ({
      serverId: await session.serverIdOf(folder.collectionId, itemId),
      target: target.collectionId,
    })),
  );
  if (asked.options?.moveAlways === true) call.log.info('mails of a conversation that come later are not moved');
  return answered(statusOf(moves.length === 0 ? [] : await session.move(moves, { signal })));
}

function statusOf(results: readonly ItemMoveResult[]): number {
  const failed = results.filter(({ status }) => status !== 'done' && status !== 'same-folder');
  if (failed.length === 0) return Status.Success;
  if (failed.length < results.length) return Status.PartialSuccess;
  return failed.some(({ status }) => status === 'forbidden') ? Status.AccessDenied : Status.ServerError;
}
