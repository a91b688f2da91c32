/** Protocol versions, oldest first, as they stand in MS-ASProtocolVersion. */
export const protocolVersions = ['2.5', '12.0', '12.1', '14.0', '14.1', '16.0', '16.1'] as const;

/** A version of Exchange ActiveSync. Compare with {@link isAtLeast}, never as text. */
export type ProtocolVersion = (typeof protocolVersions)[number];

/** The version times ten. */
const versionCode: Readonly<Record<ProtocolVersion, number>> = {
  '2.5': 25,
  '12.0': 120,
  '12.1': 121,
  '14.0': 140,
  '14.1': 141,
  '16.0': 160,
  '16.1': 161,
};

/** True when `version` is `other` or newer. */
export function isAtLeast(version: ProtocolVersion, other: ProtocolVersion): boolean {
  return versionCode[version] >= versionCode[other];
}

/** A span of versions, both ends included. */
export interface VersionRange {
  readonly since?: ProtocolVersion | undefined;
  readonly until?: ProtocolVersion | undefined;
}

/** True when `version` lies in the range. */
export function isWithin(version: ProtocolVersion, { since, until }: VersionRange): boolean {
  return (since === undefined || isAtLeast(version, since)) && (until === undefined || isAtLeast(until, version));
}

/** The version of a header's text, or `undefined` when this server does not speak it. */
export function parseVersion(text: string): ProtocolVersion | undefined {
  return protocolVersions.find((version) => version === text);
}
