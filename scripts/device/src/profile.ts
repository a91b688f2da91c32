/** How a kind of device presents itself and what it asks for. */
export interface DeviceProfile {
  readonly deviceType: string;
  readonly userAgent: string;
  /** The highest version that the device speaks. */
  readonly version: string;
  /** Sends the base64 query; else the plain one. */
  readonly base64: boolean;
  readonly windowSize: number;
  /** BodyPreference types in the order of liking. */
  readonly bodyTypes: readonly number[];
  /** Bytes of a body that it fetches in a Sync. */
  readonly truncationSize: number;
}

/** Profiles of real devices, as far as the wire shows them. */
export const profiles = {
  ios: {
    deviceType: 'iPhone',
    userAgent: 'Apple-iPhone17C3/2202.100',
    version: '16.1',
    base64: false,
    windowSize: 25,
    bodyTypes: [2, 1],
    truncationSize: 32768,
  },
  android: {
    deviceType: 'Android',
    userAgent: 'Android-Mail/2026.10.05.000000000',
    version: '16.1',
    base64: true,
    windowSize: 50,
    bodyTypes: [2, 1],
    truncationSize: 51200,
  },
  samsung: {
    deviceType: 'SAMSUNGSMS928B',
    userAgent: 'SAMSUNG-SM-S928B/101.160000',
    version: '14.1',
    base64: false,
    windowSize: 100,
    bodyTypes: [2, 1],
    truncationSize: 51200,
  },
  outlook: {
    deviceType: 'WindowsOutlook15',
    userAgent: 'Microsoft.Outlook.15',
    version: '14.1',
    base64: false,
    windowSize: 512,
    bodyTypes: [2, 1],
    truncationSize: 1048576,
  },
  tbsync: {
    deviceType: 'Thunderbird',
    userAgent: 'Thunderbird ActiveSync',
    version: '16.1',
    base64: false,
    windowSize: 100,
    bodyTypes: [1],
    truncationSize: 1048576,
  },
  nokia: {
    deviceType: 'NokiaE7',
    userAgent: 'Nokia-E7/1.0 MailforExchange/3.0.73',
    version: '12.1',
    base64: false,
    windowSize: 50,
    bodyTypes: [1],
    truncationSize: 4096,
  },
} as const satisfies Record<string, DeviceProfile>;

export type ProfileName = keyof typeof profiles;
