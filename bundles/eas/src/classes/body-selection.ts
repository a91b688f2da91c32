import type { Body } from '@oxtender/bundle-api';
import { htmlToText, textToHtml } from '../values/html';
import { truncateUtf8, utf8Size } from '../values/utf8';
import type { LargeValue } from '../wbxml';
import type { BodyPreference } from './item-context';

/** [MS-ASAIRS] "Type". RTF (3) is read but never written: a device that asks for nothing else is given plain text. */
export const BodyType = { PlainText: 1, Html: 2, Rtf: 3, Mime: 4 } as const;

/** What goes into a Body element. */
export interface SelectedBody {
  readonly type: number;
  readonly data: string | Uint8Array | LargeValue;
  /** Bytes of the whole. */
  readonly size: number;
  readonly truncated: boolean;
  /** Characters of a preview that the device wants with it. */
  readonly preview?: number;
}

const typeOfFormat = { text: BodyType.PlainText, html: BodyType.Html } as const;
const formatOfType: Readonly<Record<number, Body['format']>> = { 1: 'text', 2: 'html', 3: 'text' };

/** The stored form of a body. [MS-ASAIRS] "NativeBodyType". */
export function nativeBodyType(bodies: readonly Body[]): number {
  return bodies.some(({ format }) => format === 'html') ? BodyType.Html : BodyType.PlainText;
}

/**
 * The body that suits a device best: of the forms that it takes the one that is stored, else HTML, else text; of those
 * with AllOrNone the first that fits. [MS-ASAIRS] "BodyPreference", "AllOrNone".
 *
 * @param bodies - the stored forms, one or both
 */
export function selectBody(
  bodies: readonly Body[],
  preferences: readonly BodyPreference[],
  { truncate = true }: { truncate?: boolean | undefined } = {},
): SelectedBody | undefined {
  for (const preference of ranked(preferences, nativeBodyType(bodies))) {
    const body = inFormat(bodies, formatOfType[preference.type] ?? 'text');
    if (body === undefined) return undefined;
    const size = body.fullSize ?? utf8Size(body.content);
    const limit = truncate ? (preference.truncationSize ?? Infinity) : Infinity;
    if (size > limit && preference.allOrNone === true) continue;
    const data = truncateUtf8(body.content, limit);
    return {
      type: typeOfFormat[body.format],
      data,
      size,
      truncated: data.length < body.content.length || body.fullSize !== undefined,
      ...(preference.preview === undefined ? {} : { preview: preference.preview }),
    };
  }
  return undefined;
}

/** The content in one of the two forms, made from the other if need be. */
export function inFormat(bodies: readonly Body[], format: Body['format']): Body | undefined {
  const stored = bodies.find((body) => body.format === format) ?? bodies[0];
  if (stored === undefined || stored.format === format) return stored;
  const content = format === 'text' ? htmlToText(stored.content) : textToHtml(stored.content);
  // A body that came cut has a size of its own form only: to scale it is as near as one can get.
  const scale = utf8Size(content) / Math.max(utf8Size(stored.content), 1);
  return stored.fullSize === undefined
    ? { format, content }
    : { format, content, fullSize: Math.max(Math.round(stored.fullSize * scale), utf8Size(content)) };
}

function ranked(preferences: readonly BodyPreference[], native: number): BodyPreference[] {
  const rank = ({ type }: BodyPreference): number => (type === native ? 0 : type === BodyType.Html ? 1 : 2);
  return preferences.filter(({ type }) => type !== BodyType.Mime).sort((left, right) => rank(left) - rank(right));
}
