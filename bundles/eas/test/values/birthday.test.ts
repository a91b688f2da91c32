import { expect } from 'chai';
import { formatBirthday, readBirthday } from '../../src/values/birthday';

describe('birthdays', () => {
  it('are the date at the hour that the device expects', () => {
    expect(formatBirthday('1980-02-29', 8)).to.equal('1980-02-29T08:00:00.000Z');
  });

  it('are dates in UTC, whatever the time', () => {
    for (const time of ['00:00', '01:00', '08:00', '11:59', '12:00', '23:30']) {
      expect(readBirthday(`1980-02-29T${time}:00.000Z`, 'utc-date')).to.equal('1980-02-29');
    }
  });

  it('are midnight of a zone on iOS, from 11 hours behind to 11 ahead', () => {
    for (let ahead = -11; ahead <= 11; ahead += 1) {
      const written = new Date(Date.UTC(1980, 1, 29) - ahead * 3_600_000).toISOString();
      expect(readBirthday(written, 'local-midnight'), written).to.equal('1980-02-29');
    }
  });

  it('are none when the text is no date', () => {
    expect(readBirthday('soon', 'utc-date')).to.equal(undefined);
  });
});
