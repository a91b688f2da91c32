import { type AttachmentInfo, type ByteStream, type Cancellable, GroupwareError } from '@oxtender/bundle-api';
import type { OxClient } from '../http/ox-client';
import { OxError } from '../http/ox-error';
import type { ItemFiles, NewFile } from './item-files';
import { type OxRow, idOf } from './objects';

/** Values of the parameter `module`. OX HTTP API, "Module attachment". */
export const attachmentModule = { calendar: 1, tasks: 4, contacts: 7 } as const;

const columns = [1, 803, 804, 805].join();

/** Files that hang on appointments and tasks. */
export class OxAttachments implements ItemFiles {
  constructor(
    private readonly client: OxClient,
    private readonly module: (typeof attachmentModule)[keyof typeof attachmentModule],
  ) {}

  /** The files of many objects, in the order of `ids`. */
  async ofObjects(folder: string, ids: readonly string[], options: Cancellable): Promise<AttachmentInfo[][]> {
    if (ids.length === 0) return [];
    const answers = await this.client.all(
      ids.map((attached) => ({
        module: 'attachment',
        action: 'all',
        parameters: { attached, folder, module: this.module, columns },
      })),
      options,
    );
    return answers.map((answer) => (answer instanceof OxError ? [] : (answer.data as OxRow[]).map(infoOf)));
  }

  async read(
    folder: string,
    attached: string,
    id: string,
    options: Cancellable,
  ): Promise<{ info: AttachmentInfo; content: ByteStream }> {
    const [infos = []] = await this.ofObjects(folder, [attached], options);
    const info = infos.find((one) => one.id === id);
    if (!info) throw new GroupwareError('NOT_FOUND', 'no such attachment');
    const parameters = { attached, folder, module: this.module, id };
    const { content } = await this.client.download({ module: 'attachment', action: 'document', parameters }, options);
    return { info, content };
  }

  async add(folder: string, attached: string, file: NewFile, options: Cancellable): Promise<AttachmentInfo> {
    const { fileName, contentType, content } = file;
    const target = { folder: numeric(folder), attached: numeric(attached), module: this.module, filename: fileName };
    const { data } = await this.client.upload<unknown[]>(
      { module: 'attachment', action: 'attach' },
      [
        { name: 'json_0', content: JSON.stringify(target) },
        { name: 'file_0', fileName, contentType, content },
      ],
      options,
    );
    return { id: idOf(data[0]), fileName, contentType, size: content.length };
  }

  async remove(folder: string, attached: string, id: string, options: Cancellable): Promise<void> {
    const parameters = { attached, folder, module: this.module };
    await this.client.call({ module: 'attachment', action: 'detach', parameters, body: [id] }, options);
  }
}

/** Ids are numbers here, even where other modules have texts, unless they cannot be. */
function numeric(id: string): string | number {
  return /^\d{1,15}$/.test(id) ? Number(id) : id;
}

function infoOf([id, fileName, size, contentType]: OxRow): AttachmentInfo {
  return {
    id: idOf(id),
    fileName: String(fileName),
    contentType: typeof contentType === 'string' ? contentType : 'application/octet-stream',
    size: Number(size ?? 0),
  };
}
