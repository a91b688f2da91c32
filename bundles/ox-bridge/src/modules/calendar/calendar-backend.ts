import type {
  Appointment,
  Cancellable,
  Instant,
  MoveResult,
  ParticipationStatus,
  Patch,
  WriteResult,
  WrittenItem,
} from '@oxtender/bundle-api';
import type { OxAnswer } from '../../http/ox-call';
import type { ItemFiles } from '../item-files';
import type { CalendarObject } from './calendar-object';

/** How a write is to be done. */
export interface WriteMode extends Cancellable {
  /** Participants are told. */
  readonly notify: boolean;
}

/** Which object a write is for. */
export interface Target {
  readonly folder: string;
  readonly id: string;
  /** Fails when the object was changed later. */
  readonly timestamp: number;
}

/** What a listing found. */
export interface Found<O> {
  readonly objects: readonly O[];
  readonly answer: Pick<OxAnswer, 'timestamp' | 'serverTime'>;
}

/** The calls of a calendar module of OX, by object. What makes one item of several objects is not its business. */
export interface CalendarBackend<O extends CalendarObject = CalendarObject> {
  readonly files: ItemFiles;
  /** Fields that a write combines with what is there: {@link CalendarBackend.update} then needs the present object. */
  readonly combines: readonly (keyof Appointment)[];

  /** All objects, enough of them for ids, versions and dates. */
  outline(folder: string, options: Cancellable): Promise<Found<O>>;
  updates(folder: string, timestamp: number, options: Cancellable): Promise<Found<O> & { deleted: readonly string[] }>;
  /** What is gone is left out. */
  list(folder: string, ids: readonly string[], options: Cancellable): Promise<O[]>;
  /** The objects that replace occurrences of these series. */
  exceptionsOf(folder: string, series: readonly O[], options: Cancellable): Promise<O[]>;
  /** Records of single objects by id. */
  records(folder: string, objects: readonly O[], options: Cancellable): Promise<Map<string, Appointment>>;

  create(folder: string, item: Appointment, mode: WriteMode): Promise<WrittenItem>;
  /**
   * @param present - the object as it is
   * @returns undefined when the patch has nothing that OX stores
   */
  update(
    target: Target,
    patch: Patch<Appointment>,
    present: O | undefined,
    mode: WriteMode,
  ): Promise<WrittenItem | undefined>;
  /** Makes an object that replaces an occurrence. @param patch - with the times @returns its id */
  replaceOccurrence(
    folder: string,
    occurrence: { readonly series: O; readonly record: Appointment; readonly originalStart: Instant },
    patch: Patch<Appointment>,
    mode: WriteMode,
  ): Promise<string>;
  deleteOccurrence(
    folder: string,
    occurrence: { readonly series: O; readonly record: Appointment; readonly originalStart: Instant },
    mode: WriteMode,
  ): Promise<void>;
  /** Records an answer to one object. @param answer - the user's, unless it names another `attendee` by address */
  answer(
    target: Omit<Target, 'timestamp'>,
    answer: { readonly status: ParticipationStatus; readonly comment?: string; readonly attendee?: string },
    options: Cancellable,
  ): Promise<void>;
  delete(
    folder: string,
    ids: readonly string[],
    options: Cancellable & { readonly notify?: boolean },
  ): Promise<WriteResult[]>;
  move(folder: string, ids: readonly string[], target: string, options: Cancellable): Promise<MoveResult[]>;
  /** Id of the object with this UID, wherever it is. */
  resolveUid(uid: string, options: Cancellable): Promise<string | undefined>;
}
