import type {
  Cancellable,
  ClientChange,
  ClientChangeResult,
  ConflictPolicy,
  FolderRef,
  GroupwareSession,
  Item,
  SyncKey,
} from '@oxtender/bundle-api';
import type { CollectionState, StateEditor } from '../state/collection-state';
import type { CollectionAddress } from '../tables/collection-address';
import type { ClientChangeJournal, RecordedChange } from './client-change-journal';

/** What all changes of one request share. */
export interface ChangeContext extends Cancellable {
  readonly groupware: GroupwareSession;
  readonly folder: FolderRef;
  readonly address: CollectionAddress;
  /** Key with which the changes came. */
  readonly key: SyncKey;
  /** Up to date with the groupware; its hashes are what the device had when it made its changes. */
  readonly state: CollectionState;
  /** Becomes what the device has now. */
  readonly editor: StateEditor;
  readonly journal: ClientChangeJournal;
  readonly policy: ConflictPolicy;
  readonly notify: boolean;
}

/** An item as the groupware has it. */
export interface CurrentItem {
  readonly version: string;
  readonly item: Item;
}

/** One client change on its way. */
export interface Step<T extends ClientChange = ClientChange> {
  readonly change: T;
  /** What the journal knows it by. */
  readonly id: string;
  /** Hash of what the device sent. */
  readonly content: string;
  /** Of changes and deletions; undefined for an id that this collection never gave out. */
  readonly itemId: string | undefined;
  /** What the journal knew when the request came. */
  readonly prior: RecordedChange | undefined;
  /** The item, where it had to be read; `gone` when it was not there. */
  current?: CurrentItem | 'gone';
  result?: StepResult;
}

/** How a step ended, in the groupware's ids. */
export type StepResult = Pick<ClientChangeResult, 'status' | 'error'> & { readonly itemId?: string };

/** The same change in an earlier request with the same key, if it ended, or was followed by another of the same item. */
export function earlierOutcome({
  prior,
  content,
}: Step): (Required<Pick<RecordedChange, 'outcome'>> & RecordedChange) | undefined {
  if (!prior || content === '') return undefined;
  if (prior.superseded?.includes(content) === true) return { outcome: { status: 'failed' }, ...prior };
  return prior.content === content && prior.outcome ? { ...prior, outcome: prior.outcome } : undefined;
}

/** What the journal is to know before a change is written. */
export function begunRecord({ prior, content }: Step): RecordedChange {
  if (!prior || prior.content === content)
    return { content, ...(prior?.superseded && { superseded: prior.superseded }) };
  return { content, superseded: [...(prior.superseded ?? []), prior.content] };
}
