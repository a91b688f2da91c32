import { type FolderRef, GroupwareError } from '@oxtender/bundle-api';
import { moduleOfClass } from '../columns/folders';
import type { OxAnswer, OxCall } from '../http/ox-call';
import { ChangeToken } from '../modules/change-token';
import { idOf } from '../modules/objects';
import type { ServerTraits } from '../session/server-traits';

/** What a folder was like when it was looked at: where reading of changes stopped, or a text that differs. */
export type FolderState = ChangeToken | string;

/** One cheap look at a folder. */
export interface Probe {
  /** Parts of one `multiple`. */
  readonly calls: readonly OxCall[];
  read(answers: readonly OxAnswer[], now: number): { state: FolderState; changed: boolean };
}

/** How many of the newest mails tell whether a folder has changed where `examine` does not. */
const newestMails = 50;

/** An object that was changed, and when. */
type Changed = readonly [id: string, lastModified: number | undefined];

/** @param before - what the last look found, or a token of the time from which changes count */
export function probeOf({ id, itemClass }: FolderRef, before: FolderState, traits: ServerTraits): Probe {
  if (itemClass === 'Notes') throw new GroupwareError('UNSUPPORTED', 'OX has no notes');
  if (itemClass === 'Email') return mailProbe(id, before, traits.mailExamine);
  const token = before instanceof ChangeToken ? before : new ChangeToken(0);
  if (itemClass === 'Calendar' && traits.legacyCalendar === false) {
    const parameters = { folder: id, timestamp: token.askFor, expand: false, fields: 'id,timestamp' };
    return updatesProbe({ module: 'chronos', action: 'updates', parameters }, token, eventsOf);
  }
  const parameters = {
    folder: id,
    columns: '1,6',
    ignore: false,
    timestamp: token.askFor,
    ...(itemClass === 'Calendar' && { recurrence_master: true }),
  };
  return updatesProbe({ module: moduleOfClass[itemClass], action: 'updates', parameters }, token, rowsOf);
}

function updatesProbe(call: OxCall, token: ChangeToken, read: (data: unknown) => readonly Changed[]): Probe {
  return {
    calls: [call],
    read: ([answer = { data: [], timestamp: 0 }], now) => {
      const objects = read(answer.data);
      const newest = objects.filter(([, time]) => time === answer.timestamp).map(([id]) => id);
      const deleted = objects.filter(([, time]) => time === undefined).map(([id]) => id);
      return {
        state: token.after(answer, { newest, deleted }, now),
        changed: objects.some(([id, time]) =>
          time === undefined ? !token.isKnownDeletion(id) : !token.isKnown(id, time),
        ),
      };
    },
  };
}

/** Rows of changed objects, among bare ids of those that are gone. */
function rowsOf(data: unknown): Changed[] {
  if (!Array.isArray(data)) return [];
  return (data as unknown[]).map((one): Changed => {
    if (Array.isArray(one)) return [idOf(one[0]), Number(one[1])];
    return [idOf(typeof one === 'object' && one !== null ? (one as { id: unknown }).id : one), undefined];
  });
}

function eventsOf(data: unknown): Changed[] {
  type Event = Readonly<{ id: unknown; timestamp?: number }>;
  const { newAndModified = [], deleted = [] } = (data ?? {}) as { newAndModified?: Event[]; deleted?: Event[] };
  return [
    ...newAndModified.map(({ id, timestamp }): Changed => [idOf(id), timestamp]),
    ...deleted.map(({ id }): Changed => [idOf(id), undefined]),
  ];
}

/** Mails have no usable `updates`. Servers without `examine` tell the folder's counts, and the newest mails. */
function mailProbe(folder: string, before: FolderState, examine: boolean): Probe {
  const newest = { folder, columns: '600,611', sort: 610, order: 'desc', left_hand_limit: 0 };
  const calls = examine
    ? [{ module: 'mail', action: 'examine', parameters: { folder } }]
    : [
        { module: 'folders', action: 'get', parameters: { id: folder } },
        { module: 'mail', action: 'all', parameters: { ...newest, right_hand_limit: newestMails } },
      ];
  return {
    calls,
    read: (answers) => {
      const state = JSON.stringify(answers.map(({ data }) => data));
      return { state, changed: state !== before };
    },
  };
}
