import {
  type Cancellable,
  type Contact,
  type ContactPicture,
  type CreateOptions,
  GroupwareError,
  type Patch,
  type PatchOptions,
  type WrittenItem,
} from '@oxtender/bundle-api';
import type { ColumnTable, OxBody } from '../columns/column-table';
import { contactColumns } from '../columns/contacts';
import { composedDisplayName, nameFields, renewedDisplayName } from '../columns/display-name';
import type { UploadPart } from '../http/multipart';
import type { OxClient } from '../http/ox-client';
import type { OxCall } from '../http/ox-call';
import { OxObjects, type OxRow } from './objects';
import { PlainStore, type ReadRow } from './plain-store';

/** mark_as_distributionlist, image1_url. */
const extras = [602, 606];

/** Of these, what tells whether a row is a contact. */
const listedExtras = 1;

/** Contacts. Distribution lists are no contacts to a device and are left out. */
export class ContactStore extends PlainStore<'Contacts'> {
  constructor(client: OxClient, now: () => number) {
    super(new OxObjects(client, 'contacts'), extras, now, listedExtras);
  }

  /** OX makes a display name of some names only, and its web interface shows little else. */
  override create(folder: string, contact: Contact, options: CreateOptions): Promise<WrittenItem> {
    const displayName = contact.displayName ?? composedDisplayName(contact);
    return super.create(folder, { ...contact, ...(displayName !== undefined && { displayName }) }, options);
  }

  /** A change of the name leaves OX's display name as it was: it is changed with it. */
  override async patch(folder: string, id: string, patch: Patch<Contact>, options: PatchOptions): Promise<WrittenItem> {
    const isNamed = patch.displayName !== undefined || nameFields.every((field) => patch[field] === undefined);
    const displayName = isNamed ? undefined : await this.#renewedName({ folder, id }, patch, options);
    return super.patch(folder, id, { ...patch, ...(displayName !== undefined && { displayName }) }, options);
  }

  protected get table(): ColumnTable<Contact> {
    return this.objects.client.account.traits.optionalColumns ? contactColumns : contactColumns.withoutOptional();
  }

  protected isForeign(row: OxRow): boolean {
    return row[2] === true;
  }

  protected isWhole(row: OxRow): boolean {
    return pictureCall(row) === undefined;
  }

  protected dateOf(): undefined {
    return undefined;
  }

  protected complete(
    _folder: string,
    rows: ReadRow<'Contacts'>[],
    options: Cancellable,
  ): Promise<ReadRow<'Contacts'>[]> {
    return Promise.all(
      rows.map(async ({ row, item }) => {
        const call = pictureCall(row);
        const picture = call && (await this.#picture(call, options));
        if (picture instanceof GroupwareError) return { row, item, error: picture };
        return { row, item: picture ? { ...item, picture } : item };
      }),
    );
  }

  protected beyondColumns({ picture }: Patch<Contact>): { file?: UploadPart; body?: OxBody } {
    if (picture === undefined) return {};
    if (picture === null) return { body: { image1: null } };
    const { contentType, data } = picture;
    const fileName = `picture.${contentType.split('/')[1] ?? 'jpg'}`;
    return { file: { name: 'file', fileName, contentType, content: Buffer.from(data, 'base64') } };
  }

  async #renewedName(
    { folder, id }: { folder: string; id: string },
    patch: Patch<Contact>,
    options: Cancellable,
  ): Promise<string | undefined> {
    const current = await this.objects.get(folder, id, options);
    return renewedDisplayName(this.table.readObject(current, undefined), patch);
  }

  /** What is wrong with one contact's picture concerns no other contact. */
  async #picture(call: OxCall, options: Cancellable): Promise<ContactPicture | GroupwareError | undefined> {
    try {
      const { contentType, content } = await this.objects.client.download(call, options);
      const parts: Uint8Array[] = [];
      for await (const part of content) parts.push(part);
      return { contentType, data: Buffer.concat(parts).toString('base64') };
    } catch (error) {
      if (!(error instanceof GroupwareError) || error.code === 'UNAVAILABLE') throw error;
      // Taken away since the row was read.
      return error.code === 'NOT_FOUND' ? undefined : error;
    }
  }
}

/** The URL of a picture begins with a path that only the server's own web interface can use. */
function pictureCall(row: OxRow): OxCall | undefined {
  const url = row[3];
  if (typeof url !== 'string') return undefined;
  const [path = '', query = ''] = url.split('?', 2);
  const begin = path.lastIndexOf('image/');
  if (begin < 0) return undefined;
  return { module: path.slice(begin), parameters: Object.fromEntries(new URLSearchParams(query)) };
}
