import { isOxtenderError } from '@oxtender/bundle-api';
import {
  type Answer,
  type Command,
  type CommandCall,
  type CommandServices,
  describeCommand,
} from '../../protocol/command';
import { AirSync, type Element, ItemOperations as Page, element } from '../../wbxml';
import { fetchAttachment } from './fetch-attachment';
import { fetchItem } from './fetch-item';
import { moveConversation } from './move-conversation';
import { Parts } from './multipart';
import {
  type EmptyOperation,
  type FetchOperation,
  type Operation,
  itemOperationsRequest,
  mostOperations,
} from './request';
import { ItemOperationsStatus as Status } from './status';

/** [MS-ASCMD] "ItemOperations": fetches, empties and moves, one after the other, each with a status of its own. */
export class ItemOperations implements Command<typeof itemOperationsRequest> {
  static readonly descriptor = describeCommand({
    name: 'ItemOperations',
    root: Page.ItemOperations,
    request: itemOperationsRequest,
    since: '12.0',
    status: { malformed: Status.ProtocolError, serverError: Status.ServerError },
  });

  constructor(private readonly services: CommandServices) {}

  async execute(operations: readonly Operation[], call: CommandCall): Promise<Answer> {
    if (operations.length > mostOperations) return answer(Status.TooLarge, []);
    const parts = new Parts(call.acceptMultiPart);
    const responses: Element[] = [];
    for (const operation of operations) responses.push(await this.#perform(operation, call, parts));
    const document = answer(Status.Success, responses);
    return parts.accepted ? parts.answer(document) : document;
  }

  #perform(operation: Operation, call: CommandCall, parts: Parts): Promise<Element> {
    switch (operation.kind) {
      case 'fetch':
        return this.#fetch(operation.value, call, parts);
      case 'emptyFolderContents':
        return emptyFolder(operation.value, call);
      case 'move':
        return moveConversation(operation.value, call, this.services);
    }
  }

  #fetch(asked: FetchOperation, call: CommandCall, parts: Parts): Promise<Element> {
    const failed = (status: number) => Promise.resolve(element(Page.Fetch, element(Page.Status, status)));
    if (asked.linkId !== undefined || asked.store.toLowerCase() !== 'mailbox') return failed(Status.UnknownStore);
    if (asked.fileReference === undefined) return fetchItem(asked, call, this.services, parts);
    if (asked.fileReference === '') return failed(Status.InvalidAttachmentId);
    const { range, bodyPreferences, mimeSupport, schema } = asked.options ?? {};
    if (bodyPreferences?.length || mimeSupport !== undefined || schema) return failed(Status.ProtocolError);
    return fetchAttachment(asked.fileReference, range, call, parts);
  }
}

/** [MS-ASCMD] "EmptyFolderContents". */
async function emptyFolder(asked: EmptyOperation, call: CommandCall): Promise<Element> {
  const answered = (status: number) =>
    element(Page.EmptyFolderContents, element(Page.Status, status), element(AirSync.CollectionId, asked.collectionId));
  const folders = await call.session.folders({ signal: call.signal });
  const folder = folders.find(({ collectionId }) => collectionId === asked.collectionId);
  if (!folder) return answered(Status.ItemNotFound);
  try {
    const subfolders = asked.options?.deleteSubFolders ?? false;
    await call.session.groupware.emptyFolder(folder, { subfolders, signal: call.signal });
    return answered(Status.Success);
  } catch (error) {
    if (isOxtenderError(error, 'PERMISSION')) return answered(Status.AccessDenied);
    if (isOxtenderError(error, 'NOT_FOUND')) return answered(Status.ItemNotFound);
    throw error;
  }
}

function answer(status: number, responses: readonly Element[]): Element {
  return element(
    Page.ItemOperations,
    element(Page.Status, status),
    responses.length > 0 ? element(Page.Response, responses) : undefined,
  );
}
