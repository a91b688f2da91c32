import type { Database, DatabaseConnection } from '../services/database';
import { describeIsolation } from './database/isolation';
import { notes, uncancelled } from './database/notes';
import { describeRefusals } from './database/refusals';
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

    const connect = (): Promise<DatabaseConnection> => made.database.connect(notes, uncancelled);
    describe('update tasks', () => describeUpdateTasks(() => made));
    describe('statements', () => describeStatements(connect));
    describe('refused statements', () => describeRefusals(connect));
    describe('transactions', () => describeTransactions(connect));
    describe('transactions beside each other', () => describeIsolation(connect));
    describe('schemas', () => describeSchemas(() => made.database));
  });
}
