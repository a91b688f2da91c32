import type { CollectionSync, Message, SyncFolder } from '@oxtender/bundle-api';
import { ConversationRules } from '../../lookup/conversation-rules';
import type { CommandCall } from '../../protocol/command';
import { conversationId } from '../../values/conversation';

/**
 * Moves new mails of conversations that the device wants elsewhere for good. The device is told of them as they came,
 * and of where they went by its next Sync, for which the move wakes it. [MS-ASCMD] "MoveAlways".
 */
export async function moveConversationMails(
  { changes, itemClass }: CollectionSync,
  folder: SyncFolder,
  call: CommandCall,
): Promise<void> {
  const { session, signal } = call;
  if (folder.role !== 'inbox' || itemClass !== 'Email') return;
  const rules = new Map(new ConversationRules(session).all().map((rule) => [rule.conversation, rule]));
  if (rules.size === 0) return;
  const idsByTarget = new Map<string, string[]>();
  for (const change of changes) {
    if (change.kind !== 'add') continue;
    const message = change.item as Message;
    const rule = rules.get(Buffer.from(conversationId(message)).toString('base64'));
    const place = rule && (await session.locate(change.serverId));
    if (!rule || !place || rule.target === folder.collectionId || (message.receivedAt ?? 0) < rule.since) continue;
    idsByTarget.set(rule.target, [...(idsByTarget.get(rule.target) ?? []), place.itemId]);
  }
  if (idsByTarget.size === 0) return;
  const folders = await session.folders({ signal });
  for (const [collectionId, ids] of idsByTarget) {
    const target = folders.find((one) => one.collectionId === collectionId);
    const results = target ? await session.groupware.move(folder, ids, target, { signal }) : [];
    const moved = results.filter(({ error }) => error === undefined).length;
    call.log.info('mails of a conversation went where the user wants it', { collection: collectionId, moved });
  }
}
