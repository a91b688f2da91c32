import { encode, AirSync, decode, element, type Element } from '../../src/wbxml';
import { type ItemContext, defaultItemOptions, writeItem } from '../../src/classes';
import { quirksOf } from '../../src/quirks/device-quirks';
import { type ProtocolVersion, protocolVersions } from '../../src/protocol/versions';
import type { Item, ItemClass, Logger, Patch } from '@oxtender/bundle-api';

export const versions: readonly ProtocolVersion[] = protocolVersions;
export const until14: readonly ProtocolVersion[] = protocolVersions.filter((version) => !version.startsWith('16'));

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
} as unknown as Logger;

/** The user Anna in Berlin, with a device of which nothing is known. */
export function contextFor(
  itemClass: ItemClass,
  version: ProtocolVersion,
  { device = { type: 'test' }, ...rest }: Partial<ItemContext> & { device?: { type: string; userAgent?: string } } = {},
): ItemContext {
  return {
    version,
    itemClass,
    options: defaultItemOptions,
    quirks: quirksOf({ ...device, version }),
    user: {
      displayName: 'Anna Miller',
      primaryAddress: 'anna@example.com',
      addresses: ['anna@example.com', 'am@example.com'],
      timeZone: 'Europe/Berlin',
    },
    now: Date.UTC(2026, 10, 22, 12),
    log: silent,
    collectionId: 'F1',
    ...rest,
  };
}

/** ApplicationData as it arrives: through the real codec. */
export function overTheWire(children: readonly Element[]): Element {
  return decode(encode(element(AirSync.ApplicationData, children)));
}

/** ApplicationData of an item as a device gets it. */
export function applicationData<C extends ItemClass>(itemClass: C, item: Item<C>, context: ItemContext): Element {
  return overTheWire(writeItem(itemClass, item, context, 'F1:1'));
}

/** ApplicationData of a device that changed some elements of what it got; `undefined` leaves one out. */
export function edited(data: Element, changes: readonly (readonly [Element['tag'], Element | undefined])[]): Element {
  const tags = new Set(changes.map(([tag]) => tag));
  const kept = data.children.filter(({ tag }) => !tags.has(tag));
  return overTheWire([...kept, ...changes.flatMap(([, changed]) => changed ?? [])]);
}

/** The item after a patch. */
export function patched<T>(item: T, patch: Patch<T>): T {
  const entries = Object.entries({ ...item, ...patch }).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(entries) as T;
}
