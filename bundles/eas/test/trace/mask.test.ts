import { expect } from 'chai';
import { maskContent } from '../../src/trace/mask';
import {
  AirSync,
  AirSyncBase,
  Calendar,
  ComposeMail,
  Contacts,
  type Element,
  Email,
  Email2,
  element,
  Find,
  Gal,
  ItemOperations,
  LargeValue,
  MemoryBytes,
  printXml,
  Provision,
  ResolveRecipients,
  Search,
  Settings,
  type Tag,
  Tasks,
} from '../../src/wbxml';

const secret = 'plAnted';

/** Each place where a version of the protocol carries what a user wrote, attached or typed in to log in. */
const places: Readonly<Record<string, readonly Tag[]>> = {
  '2.5, texts': [Email.Body, Contacts.Body, Calendar.Body, Tasks.Body],
  '2.5, whole mails and pictures': [Email.MIMEData, Contacts.Picture],
  '12.0 and later, texts of items and of search results': [AirSyncBase.Data],
  '12.1, mails and files that are fetched': [ItemOperations.Data],
  '14.0 and later, mails that are sent, previews, notes of voice mails': [
    ComposeMail.Mime,
    AirSyncBase.Preview,
    Email2.UmUserNotes,
  ],
  '14.1 and later, pictures of people': [Gal.Data, ResolveRecipients.Data],
  '16.0 and later, files of drafts and events': [AirSyncBase.Content],
  '16.1, found mails': [Find.Preview],
  'absence notices': [Settings.ReplyMessage],
  passwords: [Settings.Password, ItemOperations.Password, Search.Password],
};

const shown = (tag: Tag, content: Element['content']): string =>
  printXml(element(AirSync.Sync, element(tag, content)), maskContent);

describe('what an operator who watches a device does not see', () => {
  for (const [name, tags] of Object.entries(places))
    it(`${name}: only how long they are`, () => {
      for (const tag of tags) {
        const bytes = Buffer.from(secret);
        for (const content of [
          secret,
          bytes,
          new LargeValue(new MemoryBytes(bytes), 'text'),
          new LargeValue(new MemoryBytes(bytes), 'bytes'),
        ]) {
          const xml = shown(tag, content);
          expect(xml, tag.name).to.include(`>[${secret.length}]<`);
          expect(xml, tag.name).to.not.include(secret).and.not.include(bytes.toString('base64'));
        }
      }
    });

  it('long bytes, whatever the element', () => {
    expect(shown(Email.From, Buffer.alloc(65, 'x'))).to.include('>[65]<');
  });

  it('and sees the rest: keys, ids, policies, who and what about', () => {
    expect(shown(AirSync.SyncKey, '1700000000001')).to.include('<SyncKey>1700000000001</SyncKey>');
    expect(shown(Email.Subject, 'Lunch')).to.include('<Email:Subject>Lunch</Email:Subject>');
    expect(shown(Provision.MinDevicePasswordLength, '6')).to.include('<Provision:MinDevicePasswordLength>6<');
    expect(shown(Email2.ConversationId, Buffer.from('short id'))).to.include('opaque="base64"');
  });
});
