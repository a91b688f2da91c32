import type { FollowUp, Mailbox, Message, MessageFlags } from '@oxtender/bundle-api';
import { choice, instant, int, text } from './codecs';
import { type Codec, ColumnTable, column } from './column-table';

/** Bits of `flags`. OX HTTP API, "Detailed mail data". */
export const mailFlag = {
  answered: 1,
  deleted: 2,
  draft: 4,
  flagged: 8,
  recent: 16,
  seen: 32,
  user: 64,
  forwarded: 256,
} as const;

/** Values of `color_label` from 1 on. OX lets every client choose its names; these are those of its own interface. */
const colours = ['Red', 'Blue', 'Green', 'Gray', 'Purple', 'Cyan', 'Pink', 'Orange', 'Lime', 'Yellow'] as const;

const active: FollowUp = { status: 'active' };

/** What of `flags` and `color_label` a device sees. */
export function decodeFlags(flags: number, colour: number): MessageFlags {
  const name = colours[colour - 1];
  return {
    read: has(flags, mailFlag.seen),
    ...(has(flags, mailFlag.flagged) && { followUp: active }),
    ...(has(flags, mailFlag.answered) && { answered: true }),
    ...(has(flags, mailFlag.forwarded) && { forwarded: true }),
    ...(name !== undefined && { categories: [name] }),
  };
}

/** Bits to set and to clear for a patch. OX knows no completed follow-up: the flag goes. */
export function encodeFlags(patch: { [K in keyof Message]?: Message[K] | null }): { set: number; clear: number } {
  const { read, followUp, answered, forwarded, draft } = patch;
  const wanted: [number, boolean | undefined][] = [
    [mailFlag.seen, read ?? undefined],
    [mailFlag.flagged, followUp === undefined ? undefined : followUp?.status === 'active'],
    [mailFlag.answered, answered === null ? false : answered],
    [mailFlag.forwarded, forwarded === null ? false : forwarded],
    [mailFlag.draft, draft ?? undefined],
  ];
  const sum = (value: boolean): number => wanted.reduce((bits, [bit, set]) => (set === value ? bits | bit : bits), 0);
  return { set: sum(true), clear: sum(false) };
}

/** The colour for a list of categories; undefined when no colour is meant by it, and what is there shall stay. */
export function encodeColour(categories: readonly string[] | null): number | undefined {
  if (!categories || categories.length === 0) return 0;
  const index = colours.findIndex((name) => categories.some((one) => one.toLowerCase() === name.toLowerCase()));
  return index < 0 ? undefined : index + 1;
}

/** Version of a mail: only flags and colour change. `recent` and `user` come and go by themselves. */
export function mailVersion(flags: number, colour: number): string {
  return `${flags & ~(mailFlag.recent | mailFlag.user)}.${colour}`;
}

function has(flags: number, bit: number): boolean {
  return (flags & bit) !== 0;
}

/** `[["Name" or null, "local@domain"], ...]` */
export const mailboxes: Codec<readonly Mailbox[]> = {
  decode: (value) => {
    const list = (Array.isArray(value) ? (value as unknown[]) : []).filter(Array.isArray).map(([name, address]) => ({
      ...(typeof name === 'string' && name !== '' && { name: unquoted(name) }),
      address: typeof address === 'string' ? address : '',
    }));
    return list.length > 0 ? list : undefined;
  },
  encode: (value) => value.map(({ name, address }) => [name ?? null, address]),
};

/** OX HTTP API, "Detailed mail data": what a list can tell. Flags are read apart. */
export const mailColumns = new ColumnTable<Message>([
  column([607, 'subject'], 'subject', text),
  column([603, 'from'], 'from', mailboxes),
  column([604, 'to'], 'to', mailboxes),
  column([605, 'cc'], 'cc', mailboxes),
  column([606, 'bcc'], 'bcc', mailboxes),
  column([609, 'sent_date'], 'sentAt', instant),
  column([610, 'received_date'], 'receivedAt', instant),
  column([608, 'size'], 'size', int),
  column(
    [614, 'priority'],
    'importance',
    choice([
      ['normal', 3],
      ['normal', 0],
      ['high', 1],
      ['high', 2],
      ['low', 5],
      ['low', 4],
    ]),
  ),
]);

/** Some versions leave the quotes of the header on. */
function unquoted(name: string): string {
  return /^"(.*)"$/s.exec(name)?.[1]?.replaceAll(/\\(["\\])/g, '$1') ?? name;
}
