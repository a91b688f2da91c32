import { expect } from 'chai';
import { findTimeZone } from '../../../src/values/time-zone/find-time-zone';
import { decodeTimeZone, encodeTimeZone } from '../../../src/values/time-zone/time-zone-blob';
import { offsetAt, rulesOfZone } from '../../../src/values/time-zone/time-zone-rules';
import { timeZoneText } from '../../../src/values/time-zone/time-zone-text';
import { zoneOffset } from '../../../src/values/time-zone/zone-offset';

/** Pacific time as Windows writes it. [MS-ASDTYPE] "TimeZone": bias 480, first Sunday of November, second of March. */
const pacific =
  '4AEAACgAVQBUAEMALQAwADgAOgAwADAAKQAgAFAAYQBjAGkAZgBpAGMAIABUAGkAbQBlACAAKABVAFMAIAAmACAAQwAAAAsAAAABAAIAAAAAAAAAAAAAACgAVQBUAEMALQAwADgAOgAwADAAKQAgAFAAYQBjAGkAZgBpAGMAIABUAGkAbQBlACAAKABVAFMAIAAmACAAQwAAAAMAAAACAAIAAAAAAAAAxP///w==';

const now = Date.UTC(2026, 10, 22);
const search = { start: now, now, preferred: ['Europe/Berlin'] };

describe('finding the zone of a device', () => {
  it('reads the rules of Windows', () => {
    const rules = decodeTimeZone(pacific);
    expect(rules).to.deep.include({ standardOffset: -480 });
    expect(rules?.daylight).to.deep.equal({
      offset: -420,
      begins: { month: 3, dayOfWeek: 0, week: 2, timeOfDay: 7_200_000 },
      ends: { month: 11, dayOfWeek: 0, week: 1, timeOfDay: 7_200_000 },
    });
    expect(findTimeZone(rules!, search)).to.equal('America/Los_Angeles');
  });

  it('takes the preferred zone among those with the same rules', () => {
    const rules = { ...rulesOfZone('Europe/Paris', 2026), name: 'Romance Standard Time' };
    expect(findTimeZone(rules, search)).to.equal('Europe/Berlin');
    expect(findTimeZone(rules, { ...search, preferred: ['Europe/Madrid'] })).to.equal('Europe/Madrid');
    expect(findTimeZone(rules, { ...search, preferred: [] })).to.equal('Europe/Berlin');
  });

  it('takes the zone that it wrote itself', () => {
    const echo = decodeTimeZone(encodeTimeZone(rulesOfZone('Europe/Vaduz', 2026)))!;
    expect(findTimeZone(echo, search)).to.equal('Europe/Vaduz');
  });

  it('takes the rules of today for an appointment of another year', () => {
    const rules = { ...rulesOfZone('America/New_York', 2026), name: '' };
    const start = Date.UTC(2005, 2, 20, 14);
    expect(findTimeZone(rules, { ...search, start, preferred: ['America/New_York'] })).to.equal('America/New_York');
  });

  it('finds nothing in zeros, by which devices say that they know no zone', () => {
    const zeros = decodeTimeZone(Buffer.alloc(172).toString('base64'))!;
    expect(findTimeZone(zeros, search)).to.equal(undefined);
    expect(decodeTimeZone('AAAA')).to.equal(undefined);
  });

  it('falls back to a zone with a fixed offset', () => {
    expect(findTimeZone({ name: '', standardOffset: -720 }, search)).to.equal('Etc/GMT+12');
  });

  it('sends the rule of today when it fits the first occurrence, else that of its year', () => {
    const offsetOfText = (zone: string, start: number): number =>
      offsetAt(decodeTimeZone(timeZoneText(zone, start, now))!, start) * 60_000;
    // The United States changed their rule in 2007: 20 March was in winter before.
    const march = Date.UTC(2005, 2, 20, 14);
    expect(offsetOfText('America/New_York', march)).to.equal(zoneOffset('America/New_York', march));
    const july = Date.UTC(2005, 6, 20, 14);
    expect(decodeTimeZone(timeZoneText('America/New_York', july, now))).to.deep.equal(
      rulesOfZone('America/New_York', 2026),
    );
  });
});
