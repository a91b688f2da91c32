import { type AttachmentInfo, type ByteStream, type Cancellable, GroupwareError } from '@oxtender/bundle-api';
import type { OxClient } from '../../../http/ox-client';
import { whatever } from '../../objects';
import type { ItemFiles, NewFile } from '../../item-files';
import type { OxEvent, OxEventFile } from './event';
import { fileInfo } from './event-fields';

/** Files of events. They are part of the event: adding or removing one writes the list of all. */
export class ChronosFiles implements ItemFiles {
  constructor(private readonly client: OxClient) {}

  async read(
    folder: string,
    item: string,
    id: string,
    options: Cancellable,
  ): Promise<{ info: AttachmentInfo; content: ByteStream }> {
    const file = (await this.#list(folder, item, options)).find(({ managedId }) => String(managedId) === id);
    if (!file) throw new GroupwareError('NOT_FOUND', 'no such attachment');
    const parameters = { folder, id: item, managedId: file.managedId };
    const { content } = await this.client.download({ module: 'chronos', action: 'getAttachment', parameters }, options);
    return { info: fileInfo(file), content };
  }

  async add(folder: string, item: string, file: NewFile, options: Cancellable): Promise<AttachmentInfo> {
    const { fileName, contentType, content } = file;
    const before = await this.#list(folder, item, options);
    const added = { filename: fileName, fmtType: contentType, uri: 'cid:file_0' };
    const call = { module: 'chronos', action: 'update', parameters: { folder, id: item, timestamp: whatever } };
    await this.client.upload(
      call,
      [
        { name: 'json_0', content: JSON.stringify({ event: { attachments: [...before, added] } }) },
        { name: 'file_0', fileName, contentType, content },
      ],
      options,
    );
    const known = new Set(before.map(({ managedId }) => managedId));
    const made = (await this.#list(folder, item, options)).find(({ managedId }) => !known.has(managedId));
    if (!made) throw new GroupwareError('BROKEN_ANSWER', 'OX took a file and does not show it');
    return fileInfo(made);
  }

  async remove(folder: string, item: string, id: string, options: Cancellable): Promise<void> {
    const attachments = (await this.#list(folder, item, options)).filter(({ managedId }) => String(managedId) !== id);
    const parameters = { folder, id: item, timestamp: whatever };
    const body = { event: { attachments } };
    await this.client.call({ module: 'chronos', action: 'update', parameters, body }, options);
  }

  async #list(folder: string, id: string, options: Cancellable): Promise<readonly OxEventFile[]> {
    const parameters = { folder, id, fields: 'id,attachments' };
    const { data } = await this.client.call<OxEvent>({ module: 'chronos', action: 'get', parameters }, options);
    return data.attachments ?? [];
  }
}
