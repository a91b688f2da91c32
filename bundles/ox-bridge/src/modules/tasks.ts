import type { Cancellable, CreateOptions, Instant, Patch, PatchOptions, Task, WrittenItem } from '@oxtender/bundle-api';
import type { ColumnTable, OxBody } from '../columns/column-table';
import { taskColumns } from '../columns/tasks';
import type { OxClient } from '../http/ox-client';
import { OxAttachments, attachmentModule } from './attachments';
import { OxObjects, type OxRow, idOf } from './objects';
import { PlainStore, type ReadRow } from './plain-store';

/** number_of_attachments, status, date_completed, end_date. */
const extras = [104, 300, 315, 202];

const done = 3;

const tables = { moments: taskColumns(true), dates: taskColumns(false) };

/** Tasks. A series is its current occurrence: completing it makes the server create the next as a new object. */
export class TaskStore extends PlainStore<'Tasks'> {
  readonly files: OxAttachments;

  constructor(client: OxClient, now: () => number) {
    super(new OxObjects(client, 'tasks'), extras, now);
    this.files = new OxAttachments(client, attachmentModule.tasks);
  }

  protected get table(): ColumnTable<Task> {
    return this.objects.client.account.traits.taskMoments ? tables.moments : tables.dates;
  }

  protected isForeign(): boolean {
    return false;
  }

  protected isWhole(row: OxRow): boolean {
    return Number(row[2] ?? 0) === 0;
  }

  /** Done tasks grow old; open ones do not. */
  protected dateOf([, , , status, completed, end]: OxRow): Instant | undefined {
    if (Number(status) !== done) return undefined;
    const date = completed ?? end;
    return date === null || date === undefined ? undefined : Number(date);
  }

  protected async complete(
    folder: string,
    rows: ReadRow<'Tasks'>[],
    options: Cancellable,
  ): Promise<ReadRow<'Tasks'>[]> {
    const laden = rows.filter(({ row }) => !this.isWhole(row)).map(({ row }) => idOf(row[0]));
    const files = await this.files.ofObjects(folder, laden, options);
    return rows.map(({ row, item }) => {
      const attachments = files[laden.indexOf(idOf(row[0]))] ?? [];
      return { row, item: attachments.length > 0 ? { ...item, attachments } : item };
    });
  }

  override create(folder: string, item: Task, options: CreateOptions): Promise<WrittenItem> {
    return super.create(folder, withSeriesDates(item), options);
  }

  override patch(folder: string, id: string, patch: Patch<Task>, options: PatchOptions): Promise<WrittenItem> {
    return super.patch(folder, id, withSeriesDates(patch), options);
  }

  /** A task that was done now is done now; the server wants to be told when. */
  protected beyondColumns({ status, completedAt }: Patch<Task>): { body?: OxBody } {
    return status === 'done' && completedAt === undefined ? { body: { date_completed: this.now() } } : {};
  }
}

/** OX repeats only what has a start and an end (TSK-0037); phones often name one of them. */
function withSeriesDates<T extends Patch<Task>>(task: T): T {
  const { recurrence, start, due } = task;
  const known = start ?? due;
  if (recurrence === undefined || recurrence === null || known === undefined || known === null) return task;
  return { ...task, start: start ?? known, due: due ?? known };
}
