import { oxError } from '../envelope/ox-error';
import type { Call, JsonObject } from './call';

/** Bytes of the largest picture (com.openexchange.contact.image.maxSize). */
const maxImageSize = 4_194_304;

export interface ContactImage {
  readonly type: string;
  readonly data: Buffer;
}

/**
 * The picture in a request: a file of the upload, base64 in `image1`, null to remove, undefined to leave it.
 *
 * @throws OxError CON-0101, CON-0172
 */
export function readImage(call: Call, body: JsonObject): ContactImage | null | undefined {
  const file = call.body.kind === 'form' ? call.body.form.files.find(({ field }) => field === 'file') : undefined;
  if (file) return checked({ type: file.type, data: file.data });
  const image = body['image1'];
  if (image === null || image === '') return null;
  if (typeof image !== 'string') return undefined;
  const type = typeof body['image1_content_type'] === 'string' ? body['image1_content_type'] : 'image/jpeg';
  return checked({ type, data: Buffer.from(image, 'base64') });
}

/** Stores, removes or leaves the picture. */
export function writeImage(call: Call, contact: number, image: ContactImage | null | undefined): void {
  const { db } = call.context;
  if (image === undefined) return;
  db.run('DELETE FROM contact_image WHERE contact = ?', contact);
  if (image) db.run('INSERT INTO contact_image VALUES (?, ?, ?, ?)', contact, image.type, image.data, db.stamp());
}

/** The picture of a contact. */
export function imageOf({ context }: Call, contact: number): ContactImage | undefined {
  return context.db.row<ContactImage>(
    'SELECT content_type AS type, data FROM contact_image WHERE contact = ?',
    contact,
  );
}

function checked(image: ContactImage): ContactImage {
  if (!image.type.startsWith('image/')) throw oxError('CON-0101');
  if (image.data.length > maxImageSize) throw oxError('CON-0172', image.data.length);
  return image;
}
