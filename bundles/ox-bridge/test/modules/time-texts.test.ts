import { expect } from 'chai';
import fc from 'fast-check';
import { TimeTexts } from '../../src/modules/time-texts';

describe('texts of times', () => {
  it('are those that String writes, whatever the number', () => {
    const texts = new TimeTexts();
    const time = fc.oneof(fc.integer({ min: 0, max: 1 << 28 }), fc.maxSafeInteger(), fc.double(), fc.constant(1e7));
    fc.assert(
      fc.property(time, (number) => {
        expect(texts.of(number)).to.equal(String(number));
      }),
    );
  });
});
