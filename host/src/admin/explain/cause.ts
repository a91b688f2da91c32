/** Why something is not there, and why that is so in turn. */
export interface Cause {
  /** A clause: `bundle storage is disabled`. */
  readonly what: string;
  /** What the operator can do about it. */
  readonly remedy: string | undefined;
  /** True when nothing is wrong. */
  readonly fine: boolean;
  readonly because: readonly Cause[];
}

/** True when nothing is wrong, here or below. */
export function isFine({ fine: itself, because }: Cause): boolean {
  return itself || (because.length > 0 && because.every(isFine));
}

export const leaf = (what: string, remedy?: string): Cause => ({ what, remedy, fine: false, because: [] });
export const fine = (what: string): Cause => ({ what, remedy: undefined, fine: true, because: [] });
export const node = (what: string, because: readonly Cause[]): Cause => ({
  what,
  remedy: undefined,
  fine: because.length === 0,
  because,
});
