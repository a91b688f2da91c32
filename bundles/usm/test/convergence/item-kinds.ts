import type { FolderRole, Item, ItemClass } from '@oxtender/bundle-api';

/** How a class of items is used in the simulation: a tag that never changes, and some fields that take any text. */
export interface ItemKind {
  readonly itemClass: ItemClass;
  readonly role: FolderRole;
  /** Fields that both sides edit. */
  readonly fields: readonly string[];
  /** True when a device can make such items. */
  readonly creatable: boolean;
  /** True when a value may be written more than once: then nobody can tell whose it is. */
  readonly repeats?: boolean;
  make(tag: string, values: Readonly<Record<string, string>>): Item;
  /** A field as the record has it. */
  toField(field: string, value: string): unknown;
  fromField(field: string, value: unknown): string | undefined;
  tagOf(item: Item): string;
}

/** A kind whose tag is its only category. */
export function kindOf(
  itemClass: ItemClass,
  role: FolderRole,
  fields: readonly string[],
  constant: Readonly<Record<string, unknown>> = {},
): ItemKind {
  const toField = (field: string, value: string): unknown =>
    field === 'body' ? { format: 'text', content: value } : value;
  return {
    ...{ itemClass, role, fields, toField },
    creatable: true,
    make: (tag, values) => ({
      ...constant,
      categories: [tag],
      ...Object.fromEntries(Object.entries(values).map(([field, value]) => [field, toField(field, value)])),
    }),
    fromField: (field, value) =>
      field === 'body' ? (value as { content?: string } | undefined)?.content : (value as string | undefined),
    tagOf: (item) => (item as { categories?: string[] }).categories?.[0] ?? '',
  };
}

const mail: ItemKind = {
  itemClass: 'Email',
  role: 'inbox',
  fields: ['followUp', 'categories'],
  creatable: false,
  make: (tag) => ({ subject: tag, read: false }),
  toField: (field, value) => (field === 'followUp' ? { status: 'active', subject: value } : [value]),
  fromField: (field, value) =>
    field === 'followUp'
      ? (value as { subject?: string } | undefined)?.subject
      : (value as readonly string[] | undefined)?.[0],
  tagOf: (item) => (item as { subject?: string }).subject ?? '',
};

export const itemKinds: readonly ItemKind[] = [
  kindOf('Contacts', 'contacts', ['firstName', 'company', 'body']),
  mail,
  kindOf('Calendar', 'calendar', ['title', 'onlineMeetingUri', 'body'], { start: 0, end: 3_600_000, allDay: false }),
  kindOf('Tasks', 'tasks', ['title', 'body']),
  kindOf('Notes', 'notes', ['subject', 'body']),
];
