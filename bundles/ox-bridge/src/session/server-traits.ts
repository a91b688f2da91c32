/** What was learnt of a server: versions from 6.x to 8.x differ. Shared by all users of the server. */
export interface ServerTraits {
  /** Columns marked optional are known. Assumed until the server refuses them. */
  optionalColumns: boolean;
  /** Tasks have `start_time`, `end_time` and `full_time`: since 7.6.1. */
  taskMoments: boolean;
  /** The old module `calendar` answers; undefined until it was asked. Where it does not, `chronos` serves. */
  legacyCalendar: boolean | undefined;
  /** `mail?action=examine` answers: since 7.x. Assumed until the server refuses it. */
  mailExamine: boolean;
  /** `mail?action=threadedAll` answers with conversations: since 7.8. Assumed until the server refuses it. */
  mailThreads: boolean;
  /** `mailfilter/v2` answers. Assumed until the server refuses it. */
  mailFilterV2: boolean;
}

export function unknownServer(): ServerTraits {
  return {
    optionalColumns: true,
    taskMoments: true,
    legacyCalendar: undefined,
    mailExamine: true,
    mailThreads: true,
    mailFilterV2: true,
  };
}

/** The version of the text that `config/serverVersion` answers: `7.10.2-Rev1`, `6.20.7 Rev14`. */
export function parseVersion(text: string): readonly number[] {
  return (/\d+(?:\.\d+)*/.exec(text)?.[0] ?? '').split('.').map(Number);
}

/** True when the version is that one or a later one. */
export function isAtLeast(version: readonly number[], wanted: readonly number[]): boolean {
  for (const [index, part] of wanted.entries()) {
    const own = version[index] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}
