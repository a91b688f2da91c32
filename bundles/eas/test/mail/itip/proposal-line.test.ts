import { expect } from 'chai';
import { withProposalLine } from '../../../src/mail/itip/proposal-line';

const times = { start: Date.UTC(2026, 11, 7, 11), end: Date.UTC(2026, 11, 7, 12), allDay: false };
const berlin = { locale: 'de_DE', timeZone: 'Europe/Berlin' };
/** Narrow and other spaces as one. */
const plain = (text: string): string => text.replace(/[\u2009\u202f\u00a0]/g, ' ');

describe('a proposed time in words', () => {
  it('is below what the user says, in the own language and zone', () => {
    const { content } = withProposalLine({ format: 'text', content: 'Geht es später?\r\n' }, times, berlin);
    expect(plain(content)).to.match(
      /^Geht es später\?\r\n\r\nNeue Zeit vorgeschlagen: Montag, 7\. Dezember 2026.*12:00.+13:00.*\(Europe\/Berlin\)$/,
    );
  });

  it('is all there is where the user says nothing', () => {
    const { format, content } = withProposalLine(undefined, times, { locale: 'no such', timeZone: 'UTC' });
    expect(format).to.equal('text');
    expect(plain(content)).to.match(/^New Time Proposed: Monday, December 7, 2026.*11:00.+12:00 PM \(UTC\)$/);
  });

  it('goes into a body of HTML', () => {
    const body = { format: 'html' as const, content: '<html><body><p>Later?</p></body></html>' };
    expect(withProposalLine(body, times, berlin).content).to.match(
      /^<html><body><p>Later\?<\/p><p>Neue Zeit vorgeschlagen: .*<\/p><\/body><\/html>$/,
    );
  });

  it('is of days where the meeting is', () => {
    const days = { start: Date.UTC(2026, 11, 7), end: Date.UTC(2026, 11, 8), allDay: true };
    const { content } = withProposalLine(undefined, days, { locale: 'en_US', timeZone: 'America/New_York' });
    expect(content).to.equal('New Time Proposed: Monday, December 7, 2026');
  });
});
