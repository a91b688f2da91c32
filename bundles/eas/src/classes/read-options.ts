import type { ItemClass, ReadOptions } from '@oxtender/bundle-api';
import { isAtLeast } from '../protocol/versions';
import { truncationSizes } from './body';
import { BodyType } from './body-selection';
import { longestSource, sourceLimit } from './email/source-limits';
import type { BodyPreference, ItemContext } from './item-context';

/**
 * HTML may have to be read for a text of some length: that many times as much, and the looks at its beginning.
 */
const htmlPerText = { factor: 4, head: 16_384 } as const;

/** What has to be read of items to write them for this device. */
export function readOptions(itemClass: ItemClass, context: ItemContext): ReadOptions {
  if (itemClass !== 'Email') return {};
  return { ...bodyOptions(context), ...sourceOptions(context) };
}

function bodyOptions(context: ItemContext): ReadOptions {
  const { options, version, truncate } = context;
  if (!isAtLeast(version, '12.0')) {
    return formsAndSize(
      [{ type: BodyType.PlainText, truncationSize: truncationSizes[options.truncation ?? 9] }],
      truncate,
    );
  }
  const wanted = [...options.bodyPreferences, ...options.bodyPartPreferences].filter(
    ({ type }) => type !== BodyType.Mime,
  );
  return wanted.length === 0 ? {} : formsAndSize(wanted, truncate);
}

function formsAndSize(preferences: readonly BodyPreference[], truncate: boolean | undefined): ReadOptions {
  const limits = preferences.map(({ type, truncationSize = Infinity, allOrNone }) => {
    // All or nothing: whether it fits is known when more than fits was read.
    const limit = allOrNone === true ? truncationSize + 1 : truncationSize;
    return type === BodyType.Html ? limit : limit * htmlPerText.factor + htmlPerText.head;
  });
  const size = truncate === false ? Infinity : Math.max(...limits);
  // Both forms: either may be all that a mail has, and the stored form is part of what the device is told.
  return { bodies: ['html', 'text'], ...(Number.isFinite(size) ? { maxBodySize: size } : {}) };
}

/** What is longer is read by itself: `withLargeSources`. */
function sourceOptions(context: ItemContext): ReadOptions {
  const limit = sourceLimit(context);
  if (limit === undefined) return {};
  const maxSourceSize = Math.min(limit, longestSource);
  return { maxSourceSize, ...(context.options.mimeSupport === 1 ? { sourceOf: 'secured' as const } : {}) };
}
