import type { FolderRef } from './items';

/** Something changed at the groupware; what exactly, the next listing tells. @public */
export interface ChangeNotice {
  /** Absent: any folder may have changed. */
  readonly folderId?: string;
  /** Folders were created, renamed, moved or deleted, or rights changed. */
  readonly hierarchy?: boolean;
}

/** What somebody waits for. @public */
export interface WatchInterest {
  readonly folders: readonly FolderRef[];
  /** The list of folders matters as well. */
  readonly hierarchy: boolean;
}

/** A watch over folders; disposing it ends it. @public */
export interface ChangeWatch extends Disposable {
  /**
   * True when every change of the folder since the watch began has been, or is within a second, announced: silence
   * means that nothing changed.
   */
  covers(folder: FolderRef): boolean;
  /**
   * Says what is waited for from now on, in place of what was said before. A bridge that has to ask the backend asks
   * about this soon and often, and about the rest seldom or not at all; before the first call, about everything.
   * Absent where the backend tells of all changes by itself.
   */
  attend?(interest: WatchInterest): void;
}
