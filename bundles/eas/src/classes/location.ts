import type { Location } from '@oxtender/bundle-api';
import { type FieldTable, type TableField, field, fieldTable } from '../protocol/field-table';
import { invalid, record, text } from '../protocol/fields';
import { AirSyncBase, type Tag, element } from '../wbxml';
import type { ItemContext } from './item-context';
import { texts } from './texts';

/** [MS-ASAIRS] "Location". */
export const locationFields: FieldTable<Location, ItemContext> = fieldTable<Location, ItemContext>([
  text(AirSyncBase.DisplayName, 'displayName'),
  text(AirSyncBase.Annotation, 'annotation'),
  text(AirSyncBase.Street, 'street'),
  text(AirSyncBase.City, 'city'),
  text(AirSyncBase.State, 'state'),
  text(AirSyncBase.Country, 'country'),
  text(AirSyncBase.PostalCode, 'postalCode'),
  degrees(AirSyncBase.Latitude, 'latitude', 90),
  degrees(AirSyncBase.Longitude, 'longitude', 180),
  text(AirSyncBase.LocationUri, 'uri'),
]);

interface WithLocation {
  readonly location?: Location;
}

/** A text up to 14.1, a container from 16.0. Cannot be ghosted. [MS-ASCMD] "Supported". */
export function placeFields<T extends WithLocation>(legacy: Tag): TableField<T, ItemContext>[] {
  return [
    field<T, ItemContext>({
      tag: legacy,
      until: '14.1',
      keys: ['location'],
      missing: 'clear-always',
      write: ({ location }) => texts(legacy, location === undefined ? undefined : nameOf(location)),
      read: (read) => ({ location: read.text === '' ? null : { displayName: read.text } }) as Partial<T>,
    }),
    record<WithLocation, 'location', ItemContext>(AirSyncBase.Location, 'location', locationFields, {
      since: '16.0',
      missing: 'clear-always',
    }) as TableField<T, ItemContext>,
  ];
}

/** What stands for a place where only a text can. */
function nameOf({ displayName, street, postalCode, city, country }: Location): string {
  if (displayName !== undefined && displayName !== '') return displayName;
  const town = [postalCode, city].filter(Boolean).join(' ');
  return [street, town, country].filter(Boolean).join(', ');
}

/** A decimal number of degrees up to a maximum on either side of zero. */
function degrees(tag: Tag, key: 'latitude' | 'longitude', maximum: number) {
  return field<Location, ItemContext>({
    tag,
    keys: [key],
    write: (location) => (location[key] === undefined ? undefined : element(tag, String(location[key]))),
    read(read) {
      if (read.text.trim() === '') return { [key]: null };
      const value = Number(read.text);
      return Math.abs(value) <= maximum ? { [key]: value } : invalid(tag);
    },
  });
}
