import { isOxtenderError } from '@oxtender/bundle-api';
import type { CommandCall } from '../protocol/command';
import { type Element, FolderHierarchy, type Tag, element } from '../wbxml';

/** Meanings that FolderCreate, FolderUpdate and FolderDelete share; each gives them its own numbers. */
export type FolderChangeStatus = Readonly<Record<string, number>>;

/** Carries out a change of one folder and answers its outcome. A failure has neither SyncKey nor ServerId. */
export async function answerFolderChange(
  root: Tag,
  statusOfError: FolderChangeStatus,
  call: CommandCall,
  change: () => Promise<{ syncKey: string; collectionId?: string }>,
): Promise<Element> {
  try {
    const { syncKey, collectionId } = await change();
    return element(
      root,
      element(FolderHierarchy.Status, 1),
      element(FolderHierarchy.SyncKey, syncKey),
      collectionId === undefined ? undefined : element(FolderHierarchy.ServerId, collectionId),
    );
  } catch (error) {
    const status = isOxtenderError(error) ? statusOfError[error.code] : undefined;
    if (status === undefined) throw error;
    call.log.info('folder change refused', { status, error });
    return element(root, element(FolderHierarchy.Status, status));
  }
}

/** ParentId 0 is the top. */
export function parentOf(parentId: string): { parent?: string } {
  return parentId === '0' ? {} : { parent: parentId };
}
