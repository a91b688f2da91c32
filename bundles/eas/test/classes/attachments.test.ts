import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import fc from 'fast-check';
import { type AttachmentInfo, isStoredContent, type StoredContent } from '@oxtender/bundle-api';
import { decodeFileReference, encodeFileReference, readChange, readNewItem } from '../../src/classes';
import { changedAttachments, newAttachments } from '../../src/classes/attachments';
import { AirSync, AirSyncBase, Calendar, decode, type Element, element, encode, outlineOf } from '../../src/wbxml';
import { TemporaryContents } from '../content/temporary-contents';
import { contextFor, overTheWire } from './context';

describe('file references', () => {
  it('come back as they went, in characters that a query takes', () => {
    const id = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(id, id, (serverId, attachmentId) => {
        const text = encodeFileReference({ serverId, attachmentId })!;
        expect(text).to.match(/^[A-Za-z0-9.:_~/-]*$/);
        expect(decodeFileReference(text)).to.deep.equal({ serverId, attachmentId });
      }),
    );
  });

  it('are none when the ids are too long for one, and are not read from anything else', () => {
    expect(encodeFileReference({ serverId: 'F1:1', attachmentId: 'x'.repeat(256) })).to.equal(undefined);
    expect(['', 'F1:1', '/', 'a/b/c'].map(decodeFileReference)).to.deep.equal([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('attachments that a device adds and deletes in 16.x', () => {
  const present: AttachmentInfo[] = [
    { id: '2', fileName: 'old.txt', contentType: 'text/plain', size: 5 },
    { id: '3', fileName: 'kept.txt', contentType: 'text/plain', size: 6 },
  ];
  const attachments = element(
    AirSyncBase.Attachments,
    element(
      AirSyncBase.Add,
      element(AirSyncBase.ClientId, 'c1'),
      element(AirSyncBase.Method, 1),
      element(AirSyncBase.Content, Buffer.from([1, 2, 3])),
      element(AirSyncBase.DisplayName, 'plan.pdf'),
      element(AirSyncBase.ContentType, 'application/pdf'),
      element(AirSyncBase.ContentId, 'cid'),
      element(AirSyncBase.IsInline),
    ),
    element(AirSyncBase.Add, element(AirSyncBase.ClientId, 'c2'), element(AirSyncBase.Method, 5)),
    element(AirSyncBase.Delete, element(AirSyncBase.FileReference, 'F1:1/2')),
  );
  const plan = { fileName: 'plan.pdf', contentType: 'application/pdf', size: 3, contentId: 'cid', inline: true };
  const shown = (list: readonly AttachmentInfo[] | null | undefined) =>
    list?.map(({ content, ...rest }) => ({
      ...rest,
      ...(content && { bytes: [...(isStoredContent(content) ? content.read() : content)] }),
    }));

  it('are those that stay and those that come, with name, kind and bytes', () => {
    expect(shown(changedAttachments(present, overTheWire([attachments])))).to.deep.equal([
      present[1],
      { id: '', ...plan, bytes: [1, 2, 3] },
      { id: '', fileName: 'attachment', contentType: 'message/rfc822', size: 0, bytes: [] },
    ]);
  });

  it('are not added again when a request comes again', () => {
    const data = overTheWire([attachments]);
    const once = changedAttachments(present, data)?.map((one, index) => ({ ...one, id: String(index) }));
    expect(changedAttachments(once, data)).to.have.length(3);
  });

  it('are left alone by a change that says nothing of them', () => {
    expect(changedAttachments(present, overTheWire([]))).to.equal(undefined);
  });

  it('belong to appointments and to drafts', () => {
    const start = Date.UTC(2026, 10, 23, 9);
    const times = [element(Calendar.StartTime, '20261123T090000Z'), element(Calendar.EndTime, '20261123T100000Z')];
    const calendar = contextFor('Calendar', '16.1');
    const made = readNewItem('Calendar', overTheWire([...times, attachments]), calendar);
    expect(shown(made.attachments)?.[0]).to.deep.equal({ id: '', ...plan, bytes: [1, 2, 3] });
    const current = { start, end: start + 3_600_000, allDay: false, attachments: present };
    const patch = readChange('Calendar', overTheWire([attachments]), calendar)(current);
    expect(shown(patch.attachments)).to.have.length(3);

    const drafts = contextFor('Email', '16.1', { folderRole: 'drafts' });
    expect(readNewItem('Email', overTheWire([attachments]), drafts).attachments).to.have.length(2);
    const draft = readChange(
      'Email',
      overTheWire([attachments]),
      drafts,
    )({ read: true, draft: true, attachments: present });
    expect(shown(draft.attachments)).to.have.length(3);
  });

  it('come with 16.0', () => {
    const current = { start: 0, end: 1, allDay: false, attachments: present };
    const patch = readChange('Calendar', overTheWire([attachments]), contextFor('Calendar', '14.1'))(current);
    expect(patch).to.not.have.property('attachments');
  });
});

describe('a large file that a device hangs on an item', () => {
  it('stays where the request is kept, and is known by its bytes', async () => {
    using temporary = await TemporaryContents.create();
    await using contents = temporary.store.contents();
    const file = Buffer.alloc(1_000_000, 'film ');
    const add = (content: Buffer): Element =>
      element(AirSyncBase.Attachments, element(AirSyncBase.Add, element(AirSyncBase.Content, content)));
    const sent = encode(element(AirSync.ApplicationData, add(file), add(Buffer.from('small'))));
    const read = decode(await outlineOf(await contents.store(Readable.from([sent]))));
    const [large, small] = read.children.map((child) => newAttachments(element(AirSync.ApplicationData, child)));
    const content = large?.attachments?.[0]?.content as StoredContent;
    expect(isStoredContent(content)).to.equal(true);
    expect(content.digest).to.equal(createHash('sha256').update(file).digest('base64url'));
    expect(file.equals(content.read())).to.equal(true);
    expect(large?.attachments?.[0]?.size).to.equal(file.length);
    expect(small?.attachments?.[0]?.content).to.deep.equal(Buffer.from('small'));
  });
});
