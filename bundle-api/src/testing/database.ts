import type { Database } from '../services/database';
import { notes, uncancelled } from './database/notes';
import { describeSchemas } from './database/schemas';
import { describeStatements } from './database/statements';
import { describeTransactions } from './database/transactions';
import { describeUpdateTasks } from './database/update-tasks';

/** One empty database for one test. @public */
export interface DatabaseUnderTest extends AsyncDisposable {
  readonly database: Database;
  /** The same data by way of another host. Disposed with this. */
  another(): Promise<Database>;
}

/**
 * What every `Database` must do. For mocha.
 *
 * @param name - for the report: `SQLite`
 * @param make - an empty database, or undefined to skip
 * @public
 */
export function describeDatabase(name: string, make: () => Promise<DatabaseUnderTest | undefined>): void {
  describe(`Database on ${name}`, function () {
    let made: DatabaseUnderTest;

    beforeEach(async function () {
      const ready = await make();
      if (ready) made = ready;
      else this.skip();
    });

    afterEach(async () => {
      await (made as DatabaseUnderTest | undefined)?.[Symbol.asyncDispose]();
    });

    describe('update tasks', () => describeUpdateTasks(() => made));
    describe('statements', () => describeStatements(() => made.database.connect(notes, uncancelled)));
    describe('transactions', () => describeTransactions(() => made.database.connect(notes, uncancelled)));
    describe('schemas', () => describeSchemas(() => made.database));
  });
}
