import type { ItemClass } from '@oxtender/bundle-api';
import { LRUCache } from 'lru-cache';
import { isAtLeast } from '../protocol/versions';
import { type DeviceTraits, type Quirk, deviceTraits } from './device-traits';

/** What is done otherwise for some devices. Each switch has its reason in {@link quirkTable}. */
export interface DeviceQuirks {
  /** Hour in UTC of the date of a birthday, as the device expects it. */
  readonly birthdayHour: number;
  /** How the device's birthdays are meant: by their date in UTC, or as midnight in a zone that it does not name. */
  readonly birthdayIs: 'utc-date' | 'local-midnight';
  /** An empty Picture is an accident and removes nothing. */
  readonly ignoreEmptyPicture: boolean;
  /** Calendar up to 14.1: what the device leaves out of a Change stays, as in 16.x. */
  readonly keepMissingInCalendar: boolean;
  /** A cancelled meeting without attendees is given the user as one. */
  readonly attendeeInCancelledMeeting: boolean;
  /** Classes of which the device has one folder each and is confused by more: it is given the default ones. */
  readonly defaultFolderOnly: readonly ItemClass[];
  /** A series of whole days from midnight to midnight is one of all-day events, although the device does not say so. */
  readonly wholeDaysAreAllDay: boolean;
  /** Longest work on one request, before the device gives up: milliseconds. */
  readonly syncBudget: number;
}

/** What holds for a device that nothing is known of. */
export const usual: DeviceQuirks = {
  birthdayHour: 0,
  birthdayIs: 'utc-date',
  ignoreEmptyPicture: false,
  keepMissingInCalendar: false,
  attendeeInCancelledMeeting: false,
  defaultFolderOnly: [],
  wholeDaysAreAllDay: false,
  syncBudget: 25_000,
};

const seconds = 1000;
const everyOther: readonly ItemClass[] = ['Calendar', 'Contacts', 'Tasks', 'Notes'];

/** All quirks that are switched by the device. A later one wins over an earlier one. */
export const quirkTable: readonly Quirk<DeviceQuirks>[] = [
  {
    name: 'iOS sends birthdays as midnight of its own zone',
    source: 'horde/ActiveSync, Device.php, normalizePoomContactsDates',
    applies: ({ family }) => family === 'ios',
    switches: { birthdayIs: 'local-midnight' },
  },
  {
    name: 'Android expects birthdays at 08:00, and shows the day after when the hour is 12 or more',
    source: 'horde/ActiveSync, Device.php, normalizePoomContactsDates',
    applies: ({ family, vendorApp }) => family === 'android' && vendorApp === undefined,
    switches: { birthdayHour: 8 },
  },
  {
    name: 'BlackBerry expects birthdays at 11:00',
    source: 'horde/ActiveSync, CHANGES 2.33.2, Device.php',
    applies: ({ family }) => family === 'blackberry',
    switches: { birthdayHour: 11 },
  },
  {
    name: 'early iOS sends an empty Picture for a contact whose picture it does not know',
    source: 'horde/ActiveSync, CHANGES 2.30.0, 2.32.0',
    applies: ({ family, osVersion }) => family === 'ios' && osVersion !== undefined && osVersion < 7,
    switches: { ignoreEmptyPicture: true },
  },
  {
    name: 'iOS 6 needs an attendee in a cancelled meeting',
    source: 'grommunio/grommunio-sync, mapiprovider.php',
    applies: ({ family, osVersion }) => family === 'ios' && osVersion === 6,
    switches: { attendeeInCancelledMeeting: true },
  },
  {
    name: 'Android up to 12 sends incomplete appointments on edit',
    source: 'grommunio/grommunio-sync, changelog',
    applies: ({ family, osVersion, version }) =>
      family === 'android' && (osVersion === undefined || osVersion <= 12) && !isAtLeast(version, '16.0'),
    switches: { keepMissingInCalendar: true },
  },
  {
    name: 'Outlook shows one list of contacts',
    source: 'Z-Hub/Z-Push, changesmemorywrapper.php, ZP-907; horde/ActiveSync, CHANGES 2.16.9',
    applies: ({ family }) => family === 'outlook',
    switches: { defaultFolderOnly: ['Contacts'] },
  },
  {
    name: 'Windows Phone shows one list of contacts',
    source: 'horde/ActiveSync, Device.php',
    applies: ({ family }) => family === 'windows-phone',
    switches: { defaultFolderOnly: ['Contacts'] },
  },
  {
    name: 'Windows Phone 8.0 shows several lists of tasks, and one folder of the other classes',
    source: 'horde/ActiveSync, Device.php',
    applies: ({ family, osVersion = Infinity }) => family === 'windows-phone' && osVersion < 8.1,
    switches: { defaultFolderOnly: ['Calendar', 'Contacts', 'Notes'] },
  },
  {
    name: 'iOS shows one folder of notes',
    source: 'horde/ActiveSync, Device.php',
    applies: ({ family }) => family === 'ios',
    switches: { defaultFolderOnly: ['Notes'] },
  },
  {
    name: 'Windows Mobile has no other folders than mail folders beside its own',
    source: 'horde/ActiveSync, Device.php',
    applies: ({ family }) => family === 'windows-mobile',
    switches: { defaultFolderOnly: everyOther },
  },
  {
    name: 'Android 4 and 5 show several calendars and one list of contacts',
    source: 'horde/ActiveSync, Device.php; CHANGES 2.14.1, 2.16.2, 2.26',
    applies: ({ family, osVersion = Infinity }) => family === 'android' && osVersion <= 5,
    switches: { defaultFolderOnly: ['Contacts'] },
  },
  {
    name: 'Android before 4, HTC and early Samsung have one folder of each class',
    source: 'horde/ActiveSync, Device.php; CHANGES 2.14.1, 2.16.2, 2.26',
    applies: ({ family, vendorApp, osVersion = Infinity }) =>
      vendorApp === 'htc' || (family === 'android' && osVersion < (vendorApp === 'samsung' ? 6 : 4)),
    switches: { defaultFolderOnly: everyOther },
  },
  {
    name: 'Outlook does not set AllDayEvent on series of whole days',
    source: 'grommunio/grommunio-sync, mapiprovider.php',
    applies: ({ family }) => family === 'outlook',
    switches: { wholeDaysAreAllDay: true },
  },
  {
    name: 'Apple and Windows Phone wait for four minutes',
    source: 'Z-Hub/Z-Push, request.php, GetExpectedConnectionTimeout; config.php, SYNC_TIMEOUT_LONG_DEVICETYPES',
    applies: ({ family }) => family === 'ios' || family === 'windows-phone',
    switches: { syncBudget: 200 * seconds },
  },
  {
    name: 'Samsung waits for a minute and a half',
    source: 'Z-Hub/Z-Push, request.php, GetExpectedConnectionTimeout; config.php, SYNC_TIMEOUT_MEDIUM_DEVICETYPES',
    applies: ({ vendorApp }) => vendorApp === 'samsung',
    switches: { syncBudget: 80 * seconds },
  },
];

/** By what devices say of themselves; there are many devices and few kinds of them. */
const knownKinds = new LRUCache<string, DeviceQuirks>({ max: 2000 });

/** What is known of a kind of device. */
export function quirksOf(device: Parameters<typeof deviceTraits>[0]): DeviceQuirks {
  const kind = `${device.type}\0${device.userAgent ?? ''}\0${device.version}`;
  let quirks = knownKinds.get(kind);
  if (!quirks) knownKinds.set(kind, (quirks = findQuirks(deviceTraits(device))));
  return quirks;
}

function findQuirks(traits: DeviceTraits): DeviceQuirks {
  return Object.assign(
    {},
    usual,
    ...quirkTable.filter(({ applies }) => applies(traits)).map(({ switches }) => switches),
  ) as DeviceQuirks;
}
