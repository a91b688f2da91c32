import { expect } from 'chai';
import fc from 'fast-check';
import { decodeGlobalObjectId, encodeGlobalObjectId } from '../../src/values/global-object-id';

const instance = fc.record({
  year: fc.integer({ min: 1601, max: 4500 }),
  month: fc.integer({ min: 1, max: 12 }),
  day: fc.integer({ min: 1, max: 31 }),
});

describe('global object ids', () => {
  it('carry any UID', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1 }).filter((uid) => !uid.includes('\0')),
        fc.option(instance, { nil: undefined }),
        (uid, date) => {
          expect(decodeGlobalObjectId(encodeGlobalObjectId(uid, date))).to.deep.equal({
            uid,
            ...(date ? { instance: date } : {}),
          });
        },
      ),
    );
  });

  it('follow the layout of [MS-ASEMAIL] for the UID of another calendar', () => {
    const bytes = Buffer.from(encodeGlobalObjectId('{81412D3C-2A24-4E9D-B20E-11F7BBE92799}'), 'base64');
    expect(bytes.subarray(0, 16).toString('hex')).to.equal('040000008200e00074c5b7101a82e008');
    expect(bytes.subarray(16, 36).every((byte) => byte === 0)).to.equal(true);
    expect(bytes.readUInt32LE(36)).to.equal(38 + 13);
    expect(bytes.subarray(40, 52).toString('latin1')).to.equal('vCal-Uid\u0001\0\0\0');
    expect(bytes.subarray(52).toString('latin1')).to.equal('{81412D3C-2A24-4E9D-B20E-11F7BBE92799}\0');
  });

  it('keep an id that Outlook made, in hexadecimal digits', () => {
    const uid = `040000008200E00074C5B7101A82E008000000000102030405060708000000000000000010000000${'AB'.repeat(16)}`;
    const text = encodeGlobalObjectId(uid, { year: 2026, month: 11, day: 22 });
    expect(Buffer.from(text, 'base64').toString('hex').slice(32, 40)).to.equal('07ea0b16');
    expect(decodeGlobalObjectId(text)).to.deep.equal({ uid, instance: { year: 2026, month: 11, day: 22 } });
  });

  it('are not read from anything else', () => {
    expect([decodeGlobalObjectId(''), decodeGlobalObjectId('AAAA'), decodeGlobalObjectId('!')]).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
