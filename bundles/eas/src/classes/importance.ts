import type { Importance, Sensitivity } from '@oxtender/bundle-api';
import { type TableField, field } from '../protocol/field-table';
import { coded } from '../protocol/fields';
import type { Tag } from '../wbxml';
import { element } from '../wbxml';

const codes: Readonly<Record<Importance, number>> = { low: 0, normal: 1, high: 2 };
const words = new Map(Object.entries(codes).map(([word, code]) => [String(code), word as Importance]));

/** Always written, since some devices take none for low; any other number is read as normal. [MS-ASTASK] "Importance". */
export function importanceField<T extends { readonly importance?: Importance }>(tag: Tag): TableField<T> {
  return field<T>({
    tag,
    keys: ['importance'],
    write: ({ importance }) => element(tag, codes[importance ?? 'normal']),
    read: (read) => ({ importance: words.get(read.text.trim()) ?? 'normal' }) as Partial<T>,
  });
}

const sensitivities = { normal: 0, personal: 1, private: 2, confidential: 3 } as const;

/** [MS-ASCAL] "Sensitivity", [MS-ASTASK] "Sensitivity". */
export function sensitivityField<T extends { readonly sensitivity?: Sensitivity }>(tag: Tag): TableField<T> {
  return coded<{ readonly sensitivity?: Sensitivity }, Sensitivity>(tag, 'sensitivity', sensitivities) as TableField<T>;
}
