import { type Folder, FolderType } from './folders';
import { Objects } from './objects';

/** How a user stands to an object that he takes part in. */
export interface Participation {
  readonly user: number;
  /** 0 none, 1 accepted, 2 declined, 3 tentative. */
  readonly confirm: number;
  readonly message: string | null;
  /** Appointments: minutes before the start; tasks: UTC milliseconds. */
  readonly alarm: number | null;
}

/** Where an object is seen; user 0 is everybody who may read the public folder. */
export interface Place {
  readonly folder: number;
  readonly user: number;
}

/** Appointments and tasks: one object, seen in the folder of each internal participant. */
export class PlacedObjects extends Objects {
  protected override get source(): string {
    return `${this.table}_folder f JOIN ${this.table} t ON t.id = f.id`;
  }

  participations(id: number): Participation[] {
    return this.db.rows<Participation>(
      `SELECT user, confirm, message, alarm FROM ${this.table}_user WHERE id = ? ORDER BY user`,
      id,
    );
  }

  places(id: number): Place[] {
    return this.db.rows<Place>(`SELECT folder, user FROM ${this.table}_folder WHERE id = ?`, id);
  }

  override folders(id: number): number[] {
    return this.places(id).map(({ folder }) => folder);
  }

  /** The same for an object that was just inserted with this stamp. */
  placeNew(id: number, stamp: number, places: readonly Place[], participations: readonly Participation[]): void {
    for (const { folder, user } of places)
      this.db.run(`INSERT INTO ${this.table}_folder VALUES (?, ?, ?, ?)`, folder, id, user, stamp);
    for (const { user, confirm, message, alarm } of participations)
      this.db.run(`INSERT INTO ${this.table}_user VALUES (?, ?, ?, ?, ?)`, id, user, confirm, message, alarm);
  }

  /** Sets who takes part and where it is seen. Folders that no longer see the object remember it as gone. */
  place(id: number, places: readonly Place[], participations: readonly Participation[]): void {
    const stamp = this.stored(id)?.last_modified ?? 0;
    const before = new Map(this.places(id).map((place) => [place.folder, place]));
    for (const { folder, user } of places) {
      if (!before.delete(folder)) this.unbury(id, folder);
      this.db.run(`INSERT OR REPLACE INTO ${this.table}_folder VALUES (?, ?, ?, ?)`, folder, id, user, stamp);
    }
    for (const folder of before.keys()) {
      this.db.run(`DELETE FROM ${this.table}_folder WHERE folder = ? AND id = ?`, folder, id);
      this.bury(id, folder);
    }
    this.db.run(`DELETE FROM ${this.table}_user WHERE id = ?`, id);
    for (const { user, confirm, message, alarm } of participations)
      this.db.run(`INSERT INTO ${this.table}_user VALUES (?, ?, ?, ?, ?)`, id, user, confirm, message, alarm);
  }

  /** Puts the object that is seen in `from` into another folder. @returns the new last_modified */
  relocate(id: number, from: number, to: Folder, user: number): number {
    const rest = this.places(id).filter(({ folder }) => folder !== from && folder !== to.id);
    const place = { folder: to.id, user: to.type === FolderType.private ? to.owner : 0 };
    const main = this.db.value<number>(`SELECT folder FROM ${this.table} WHERE id = ?`, id);
    if (main === from) this.db.run(`UPDATE ${this.table} SET folder = ? WHERE id = ?`, to.id, id);
    this.place(id, [...(place.user === 0 ? [] : rest), place], this.participations(id));
    return this.update(id, {}, user);
  }

  /** Changes one user's answer or reminder; the stamp is the caller's. */
  participate(id: number, { user, confirm, message, alarm }: Participation): void {
    this.db.run(
      `INSERT OR REPLACE INTO ${this.table}_user (id, user, confirm, message, alarm) VALUES (?, ?, ?, ?, ?)`,
      ...[id, user, confirm, message, alarm],
    );
  }
}
