import type { AppointmentException, AttachmentInfo, Attendee, Body, ItemClass } from '@oxtender/bundle-api';

/** What a field holds when nobody set it: absent and this are the same. */
const defaults: { readonly [C in ItemClass]: Readonly<Record<string, string | number | boolean>> } = {
  Email: { read: false, answered: false, forwarded: false },
  Contacts: { private: false },
  Calendar: {
    allDay: false,
    sensitivity: 'normal',
    cancelled: false,
    ownStatus: 'none',
    responseRequested: false,
    disallowNewTimeProposal: false,
  },
  Tasks: {
    allDay: true,
    status: 'not-started',
    percentCompleted: 0,
    importance: 'normal',
    sensitivity: 'normal',
    regenerate: false,
  },
  Notes: {},
};

/** Forms in which values are compared, where two ways to write one value must not count as a change. */
const forms: Readonly<Record<string, (value: never) => unknown>> = {
  categories: (names: readonly string[]) => names.toSorted(),
  attendees: (attendees: readonly Attendee[]) =>
    attendees.map((one) => ({ ...one, address: one.address.toLowerCase() })).toSorted(byAddress),
  attachments: (files: readonly AttachmentInfo[]) => files.map(withoutId),
  exceptions: (exceptions: readonly AppointmentException[]) => exceptions.map((one) => canonicalParts(one)),
  body: ({ format, content }: Body) =>
    content.trimEnd() === '' ? undefined : { format, content: plainLines(content) },
};

/** The value as it is compared; undefined for absent, empty, and the field's default. */
export function canonicalValue(itemClass: ItemClass, field: string, value: unknown): unknown {
  if (value === undefined || value === null || value === '') return undefined;
  if (Array.isArray(value) && value.length === 0) return undefined;
  if (value === defaults[itemClass][field]) return undefined;
  const form = forms[field];
  return form ? form(value as never) : value;
}

function canonicalParts(exception: AppointmentException): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(exception).map(([field, value]) => [
      field,
      field === 'allDay' ? value : canonicalValue('Calendar', field, value),
    ]),
  );
}

function byAddress(a: Attendee, b: Attendee): number {
  return a.address < b.address ? -1 : a.address > b.address ? 1 : 0;
}

/** An attachment's id lives no longer than the item's version. */
function withoutId({ fileName, contentType, size, contentId }: AttachmentInfo): Partial<AttachmentInfo> {
  return { fileName, contentType, size, ...(contentId !== undefined && { contentId }) };
}

function plainLines(text: string): string {
  return text.replaceAll('\r\n', '\n').trimEnd();
}
