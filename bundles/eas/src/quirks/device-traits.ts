import type { ProtocolVersion } from '../protocol/versions';

export type DeviceFamily =
  'ios' | 'android' | 'windows-phone' | 'windows-mobile' | 'outlook' | 'blackberry' | 'thunderbird' | 'unknown';

/** Applications on Android that behave unlike the platform's own. */
export type VendorApp = 'samsung' | 'gmail' | 'nine' | 'touchdown' | 'htc';

/** What can be told of a device by its words about itself. */
export interface DeviceTraits {
  readonly family: DeviceFamily;
  readonly vendorApp: VendorApp | undefined;
  /** Version of the operating system, if the user agent tells; the major one but for Windows Phone. */
  readonly osVersion: number | undefined;
  readonly version: ProtocolVersion;
}

/** One thing that some devices do, and what is done about it. */
export interface Quirk<Switches> {
  readonly name: string;
  /** Who observed it. */
  readonly source: string;
  readonly switches: Partial<Switches>;
  readonly applies: (device: DeviceTraits) => boolean;
}

/** DeviceType first, then User-Agent: types are fixed, while some applications say in the agent alone who they are. */
const families: readonly (readonly [RegExp, DeviceFamily])[] = [
  [/^(iphone|ipad|ipod)/i, 'ios'],
  [/^(windowsoutlook|outlook)/i, 'outlook'],
  [/^wp8?$/i, 'windows-phone'],
  [/^(pocketpc|smartphone|ppc|sp)$/i, 'windows-mobile'],
  [/^blackberry/i, 'blackberry'],
  [/^thunderbird/i, 'thunderbird'],
  [/^(android|samsung|htc|touchdown)/i, 'android'],
  [/^apple-i/i, 'ios'],
  [/^android|samsung|nine|gmail/i, 'android'],
];

const vendorApps: readonly (readonly [RegExp, VendorApp])[] = [
  [/^samsung/i, 'samsung'],
  [/^htc/i, 'htc'],
  [/touchdown/i, 'touchdown'],
  [/\bnine\b|^nine/i, 'nine'],
  // since 2014 the Gmail application is what opens Exchange accounts, under the name of the mail application before it
  [/gmail|^android-mail\//i, 'gmail'],
];

/** What kind of device it is. */
export function deviceTraits(device: {
  readonly type: string;
  readonly userAgent?: string | undefined;
  readonly version: ProtocolVersion;
}): DeviceTraits {
  const words = [device.type, device.userAgent ?? ''];
  const firstMatch = <V>(table: readonly (readonly [RegExp, V])[]): V | undefined =>
    words.flatMap((word) => table.filter(([pattern]) => pattern.test(word))).at(0)?.[1];
  const family = firstMatch(families) ?? 'unknown';
  const vendorApp = firstMatch(vendorApps);
  return { family, vendorApp, osVersion: osVersionOf(family, device.userAgent ?? ''), version: device.version };
}

function osVersionOf(family: DeviceFamily, userAgent: string): number | undefined {
  if (family === 'ios') {
    // `Apple-iPhone5C2/1002.329`: the build number, whose hundreds are the version and four.
    const build = /^Apple-i\w+\/(\d{3,4})\./.exec(userAgent)?.[1];
    return build === undefined ? undefined : Math.floor(Number(build) / 100) - 4;
  }
  if (family === 'windows-phone') return Number(/^MSFT-WP\/(\d+\.\d+)/.exec(userAgent)?.[1] ?? NaN) || undefined;
  if (family !== 'android') return undefined;
  const named = /Android[/ -]?(\d+)/i.exec(userAgent)?.[1];
  if (named !== undefined) return Number(named);
  // `SAMSUNG-SGH-I317M/100.40102` is 4.1.2: two digits each for the second and third part.
  const packed = /^SAMSUNG[^/]*\/\d+\.(\d{5,6})$/i.exec(userAgent)?.[1];
  return packed === undefined ? undefined : Math.floor(Number(packed) / 10_000);
}
