import { Filter } from '../store/filter';
import type { Call } from './call';
import { imageOf } from './contact-images';
import { contactRules } from './contacts';
import { findObject } from './object-access';
import type { Module, Reply } from './module';

const notFound: Reply = { status: 404 };

/** `contacts/picture?action=get`: by user, by contact, or by address. */
export const contactPictures: Module = { get: (call) => pictureOf(call) };

/** The older ways to the same pictures: `image/contact/picture`, `image/user/picture`, `halo/contact/picture`. */
export const imagePictures: Module = { get: (call) => pictureOf(call) };

/** The size that a client asks for is not computed: the picture is given as it came. */
function pictureOf(call: Call): Reply {
  const contact = contactOf(call);
  const image = contact === undefined ? undefined : imageOf(call, contact);
  return image ? { content: image.data, contentType: image.type } : notFound;
}

function contactOf(call: Call): number | undefined {
  const user = call.int('user_id') ?? call.int('internal_userid') ?? call.int('userid');
  if (user !== undefined) return call.context.users.get(user)?.contact;
  const id = call.text('contact_id') ?? call.text('id');
  const folder = call.text('folder_id') ?? call.text('folder');
  if (id !== undefined && folder !== undefined) return findObject(call, folder, id, contactRules).stored.id;
  const email = call.text('email') ?? call.text('email1');
  if (email === undefined) return undefined;
  const { folders, contacts } = call.context;
  const readable = [...folders.all()].filter(
    (one) => one.module === 'contacts' && folders.rights(one.id, call.user.id).read >= 2,
  );
  const filter = Filter.of('? COLLATE NOCASE IN (t.email1, t.email2, t.email3)', email)
    .and(`f.folder IN (${readable.map((one) => one.id).join(',') || '0'})`)
    .and('EXISTS (SELECT 1 FROM contact_image i WHERE i.contact = t.id)');
  return contacts.ids(filter)[0];
}
