import { expect } from 'chai';
import fc from 'fast-check';
import { decodeFileReference, encodeFileReference, readAttachmentChanges } from '../../src/classes';
import { AirSyncBase, element } from '../../src/wbxml';
import { overTheWire } from './context';

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
  it('have name, kind and bytes, or the reference of the one that goes', () => {
    const data = overTheWire([
      element(
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
      ),
    ]);
    const { added, deleted } = readAttachmentChanges(data);
    expect(deleted).to.deep.equal(['F1:1/2']);
    expect(added.map(({ content, ...rest }) => ({ ...rest, bytes: [...content] }))).to.deep.equal([
      {
        clientId: 'c1',
        fileName: 'plan.pdf',
        contentType: 'application/pdf',
        contentId: 'cid',
        inline: true,
        bytes: [1, 2, 3],
      },
      { clientId: 'c2', fileName: 'attachment', contentType: 'message/rfc822', bytes: [] },
    ]);
  });
});
