import type { SyncSession } from '@oxtender/bundle-api';
import { expect } from 'chai';
import fc from 'fast-check';
import { decodeLongId, encodeLongId, longIdOf, serverIdOfLongId } from '../../src/values/long-id';

const id = fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' }).filter((text) => !text.includes('\0'));
const options = { signal: new AbortController().signal };

describe('LongId', () => {
  it('gives back the folder and the item that it was made of', () => {
    fc.assert(
      fc.property(id, id, (folderId, itemId) => {
        const longId = encodeLongId({ folderId, itemId });
        if (longId === undefined) return;
        expect(longId.length).to.be.at.most(256);
        expect(longId).to.match(/^[\w.-]+$/);
        expect(decodeLongId(longId)).to.deep.equal({ folderId, itemId });
      }),
    );
  });

  it('reads nothing into what it did not make', () => {
    fc.assert(fc.property(fc.string(), (text) => void decodeLongId(text)));
    for (const text of ['', 'L.', 'F1:7', 'L.AAAA', 'L.!!!!']) expect(decodeLongId(text)).to.equal(undefined);
  });

  const session = {
    folders: () => Promise.resolve([{ id: 'default0/INBOX', collectionId: 'F1' }]),
    serverIdOf: (collectionId: string, itemId: string) => Promise.resolve(`${collectionId}:${itemId}`),
  } as unknown as SyncSession;

  it('leads to the item in folders that the device knows, and in no other', async () => {
    const known = encodeLongId({ folderId: 'default0/INBOX', itemId: '42' }) ?? '';
    const unknown = encodeLongId({ folderId: 'default0/INBOX/Other', itemId: '42' }) ?? '';
    expect(await serverIdOfLongId(session, known, options)).to.equal('F1:42');
    expect(await serverIdOfLongId(session, unknown, options)).to.equal(undefined);
  });

  it('is the ServerId where the ids are too long', async () => {
    const folder = { id: `default0/${'x'.repeat(300)}`, collectionId: 'F9' };
    const longId = await longIdOf(session, folder, '42');
    expect(longId).to.equal('F9:42');
    expect(await serverIdOfLongId(session, longId, options)).to.equal('F9:42');
  });
});
