import { expect } from 'chai';
import type { ProtocolVersion } from '../../src/protocol/versions';
import { type DeviceQuirks, quirkTable, quirksOf, usual } from '../../src/quirks/device-quirks';
import { type DeviceTraits, deviceTraits } from '../../src/quirks/device-traits';

const device = (type: string, userAgent?: string, version: ProtocolVersion = '14.1') => ({ type, userAgent, version });

describe('kinds of device', () => {
  const cases: readonly (readonly [ReturnType<typeof device>, Partial<DeviceTraits>])[] = [
    [device('iPhone', 'Apple-iPhone5C2/1002.329'), { family: 'ios', osVersion: 6 }],
    [device('iPad', 'Apple-iPad13C4/2001.329'), { family: 'ios', osVersion: 16 }],
    [
      device('SAMSUNGSGHI317M', 'SAMSUNG-SGH-I317M/100.40102'),
      { family: 'android', vendorApp: 'samsung', osVersion: 4 },
    ],
    [
      device('SAMSUNGSMG998B', 'SAMSUNG-SM-G998B/101.130000'),
      { family: 'android', vendorApp: 'samsung', osVersion: 13 },
    ],
    [device('Android', 'Android/8.1.0-EAS-1.3'), { family: 'android', vendorApp: undefined, osVersion: 8 }],
    [device('Android', 'Nine-Pixel 6/Android 13'), { family: 'android', vendorApp: 'nine', osVersion: 13 }],
    [device('Android', 'Android-Gmail/2024.01'), { family: 'android', vendorApp: 'gmail' }],
    [
      device('Android', 'Android-Mail/2026.10.05.000000000'),
      { family: 'android', vendorApp: 'gmail', osVersion: undefined },
    ],
    [device('htcvision', 'HTC-EAS-HTC'), { family: 'android', vendorApp: 'htc' }],
    [device('TouchDown', 'TouchDown(MSRPC)/8.1'), { family: 'android', vendorApp: 'touchdown' }],
    [device('WP8', 'MSFT-WP/8.10.12349'), { family: 'windows-phone', osVersion: 8.1 }],
    [device('WP8', 'MSFT-WP/8.0.10512'), { family: 'windows-phone', osVersion: 8 }],
    [device('PocketPC', 'MSFT-PPC/5.2'), { family: 'windows-mobile' }],
    [device('WindowsOutlook15', 'Outlook/15.0'), { family: 'outlook' }],
    [device('BlackBerry', 'RIM-Q10/10.3'), { family: 'blackberry' }],
    [device('Thunderbird', 'Thunderbird ActiveSync'), { family: 'thunderbird' }],
    [device('x7', 'Apple-iPhone14C2/2101.100'), { family: 'ios', osVersion: 17 }],
    [device('x7'), { family: 'unknown', vendorApp: undefined, osVersion: undefined }],
  ];
  for (const [described, expected] of cases) {
    it(`${described.type}, ${described.userAgent ?? 'no agent'}: ${expected.family ?? ''}`, () => {
      expect(deviceTraits(described)).to.include(expected);
    });
  }
});

const everyOther = ['Calendar', 'Contacts', 'Tasks', 'Notes'] as const;

describe('quirks', () => {
  /** One device that has each quirk, in the table's order, and one of the same family that has it not. */
  const cases: readonly (readonly [ReturnType<typeof device>, Partial<DeviceQuirks>, ReturnType<typeof device>])[] = [
    [device('iPhone'), { birthdayIs: 'local-midnight' }, device('WP8')],
    [device('Android'), { birthdayHour: 8 }, device('SAMSUNGSMG900')],
    [device('BlackBerry'), { birthdayHour: 11 }, device('iPhone')],
    [
      device('iPhone', 'Apple-iPhone4C1/1001.523'),
      { ignoreEmptyPicture: true },
      device('iPhone', 'Apple-iPhone5C2/1101.465'),
    ],
    [
      device('iPhone', 'Apple-iPhone5C2/1002.329'),
      { attendeeInCancelledMeeting: true },
      device('iPhone', 'Apple-iPhone5C2/1101.465'),
    ],
    [device('Android', 'Android/12-EAS-2.0'), { keepMissingInCalendar: true }, device('Android', 'Android/13-EAS-2.0')],
    [device('WindowsOutlook15'), { defaultFolderOnly: ['Contacts'] }, device('iPhone')],
    [device('WP8'), { defaultFolderOnly: ['Contacts'] }, device('iPhone')],
    [
      device('WP8', 'MSFT-WP/8.0.10512'),
      { defaultFolderOnly: ['Calendar', 'Contacts', 'Notes'] },
      device('WP8', 'MSFT-WP/8.10.12349'),
    ],
    [device('iPhone'), { defaultFolderOnly: ['Notes'] }, device('Android', 'Android/13-EAS-2.0')],
    [device('PocketPC'), { defaultFolderOnly: everyOther }, device('iPhone')],
    [
      device('Android', 'Android/5.1-EAS-1.3'),
      { defaultFolderOnly: ['Contacts'] },
      device('Android', 'Android/6.0-EAS-2.0'),
    ],
    [device('htcvision', 'HTC-EAS-HTC'), { defaultFolderOnly: everyOther }, device('Android', 'Android/6.0-EAS-2.0')],
    [device('WindowsOutlook15'), { wholeDaysAreAllDay: true }, device('iPhone')],
    [device('WP8'), { syncBudget: 200_000 }, device('PocketPC')],
    [device('SAMSUNGSMG900'), { syncBudget: 80_000 }, device('Android')],
  ];

  quirkTable.forEach(({ name, source, switches }, index) => {
    it(`${name} (${source})`, () => {
      const [with_, expected, without] = cases[index]!;
      expect(switches).to.deep.equal(expected);
      expect(quirksOf(with_)).to.deep.include(expected);
      for (const key of Object.keys(expected) as (keyof DeviceQuirks)[]) {
        expect(quirksOf(without)[key], key).to.not.equal(expected[key]);
      }
    });
  });

  it('are all tested, and none holds for a device that nothing is known of', () => {
    expect(cases).to.have.length(quirkTable.length);
    expect(quirksOf(device('x7'))).to.deep.equal(usual);
  });
});
