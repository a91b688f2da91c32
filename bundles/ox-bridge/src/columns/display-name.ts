import type { Contact, Patch } from '@oxtender/bundle-api';

/** Fields that display names are made of. */
export const nameFields = ['firstName', 'lastName', 'fileAs', 'company', 'email1'] as const;

type Names = Patch<Pick<Contact, (typeof nameFields)[number]>>;

/** How OX and other programs make a display name, the usual one first. */
const forms: readonly ((names: Names) => string)[] = [
  ({ lastName, firstName }) => joined([lastName, firstName], ', '),
  ({ lastName, firstName }) => joined([firstName, lastName], ' '),
  ({ fileAs }) => fileAs ?? '',
  ({ company }) => company ?? '',
  ({ email1 }) => email1 ?? '',
];

/** The display name of a contact that was given none; undefined when there is nothing to make it of. */
export function composedDisplayName(names: Names): string | undefined {
  return forms.map((form) => form(names)).find((name) => name !== '');
}

/**
 * The display name after a change of other names: one that was made of them follows them, in the same form. Undefined when
 * it stays: a person chose it.
 */
export function renewedDisplayName(current: Contact, patch: Names): string | undefined {
  const { displayName } = current;
  const form = forms.find((one) => one(current) === (displayName ?? ''));
  if (!form) return undefined;
  const next = { ...current, ...patch };
  const name = form(next) || composedDisplayName(next);
  return name === displayName ? undefined : name;
}

function joined(parts: readonly (string | null | undefined)[], separator: string): string {
  return parts.filter(Boolean).join(separator);
}
