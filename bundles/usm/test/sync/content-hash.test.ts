import { type ClientChange, isStoredContent } from '@oxtender/bundle-api';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { createHash } from 'node:crypto';
import { contentHash, hashOf } from '../../src/sync/content-hash';

/** How the hashes were made that are stored in databases of 0.1: a repeat of a request must be known by them. */
function storedHashOf(value: unknown): string {
  const text = JSON.stringify(value, (_key, part: unknown) => {
    if (part instanceof Uint8Array) return Buffer.from(part).toString('base64');
    return isStoredContent(part) ? part.digest : part;
  });
  return createHash('sha1').update(text).digest('base64url');
}

const bytes = fc.uint8Array({ maxLength: 40 });
const values = fc.object({
  maxDepth: 4,
  values: [
    fc.string(),
    fc.integer(),
    fc.constant(undefined),
    fc.date({ noInvalidDate: true }),
    bytes,
    bytes.map((one) => Buffer.from(one)),
    bytes.map((one) => ({ digest: Buffer.from(one).toString('hex'), stream: () => undefined })),
  ],
});

describe('hashes of contents', () => {
  it('are those that are stored already, whatever was sent', () => {
    fc.assert(fc.property(fc.array(values, { maxLength: 5 }), (value) => hashOf(value) === storedHashOf(value)));
  });

  it('of a new item with a file, whichever way its bytes came', () => {
    const add = (content: Uint8Array): ClientChange => ({
      kind: 'add',
      clientId: 'c1',
      item: { subject: 'S', attachments: [{ id: '', fileName: 'f', contentType: 'a/b', size: 10_000, content }] },
    });
    const content = Uint8Array.from({ length: 10_000 }, (_, at) => at % 251);
    expect(contentHash(add(Buffer.from(content)))).to.equal('u5jTUsY9uIWwJ9QcOhaf3zyHpIU');
    expect(contentHash(add(content))).to.equal('x7ToQB1s_2elbq_yQiZzNOt2F3s');
  });

  it('differ when one byte does', () => {
    const file = Buffer.alloc(20_000, 1);
    const other = Buffer.from(file);
    other[19_999] = 2;
    expect(hashOf([file])).to.not.equal(hashOf([other]));
  });
});
