import type { Message } from '@oxtender/bundle-api';
import { isAtLeast } from '../../protocol/versions';
import { BodyType } from '../body-selection';
import type { ItemContext } from '../item-context';

/** Sources come with their mails up to this many bytes; larger ones are read by themselves. */
export const longestSource = 262_144;

/** Bytes for each value of MIMETruncation. [MS-ASCMD] "MIMETruncation"; 8: all. */
export const mimeTruncationSizes = [0, 4096, 5120, 7168, 10_240, 20_480, 51_200, 102_400, Infinity] as const;

/** Most bytes of a source that the device wants by MIMETruncation. */
export function mimeLimit({ options, truncate }: ItemContext): number {
  return truncate === false ? Infinity : (mimeTruncationSizes[options.mimeTruncation ?? 8] ?? Infinity);
}

/** Most bytes of a source that the device wants; undefined: it wants none. */
export function sourceLimit(context: ItemContext): number | undefined {
  const { options, version, truncate } = context;
  const preference = options.bodyPreferences.find(({ type }) => type === BodyType.Mime);
  const wanted = options.mimeSupport > 0 && (preference !== undefined || !isAtLeast(version, '12.0'));
  if (!wanted) return undefined;
  const limit = truncate === false ? Infinity : (preference?.truncationSize ?? Infinity);
  return Math.min(limit, mimeLimit(context));
}

/** Whether the device takes the source of this mail. [MS-ASCMD] "MIMESupport (Sync)". */
export function takesMime({ security = 'none' }: Message, { options }: ItemContext): boolean {
  return options.mimeSupport === 2 || (options.mimeSupport === 1 && security !== 'none');
}
