import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database, DatabaseDialect } from '../services/database';

/** A database as a released version left it, with data. @public */
export interface ReleasedSchema {
  /** `0.1.0` */
  readonly version: string;
  readonly statements: readonly string[];
}

/**
 * The dumps of a folder: `<version>.<dialect>.sql`, one for each release that changed the schema, never edited afterwards. A
 * statement ends with a semicolon at the end of a line. An upgrade is tested from each of them.
 *
 * @returns oldest first
 * @public
 */
export function releasedSchemas(folder: string, dialect: DatabaseDialect): ReleasedSchema[] {
  const suffix = `.${dialect}.sql`;
  return readdirSync(folder)
    .filter((name) => name.endsWith(suffix))
    .sort(new Intl.Collator('en', { numeric: true }).compare)
    .map((name) => ({
      version: name.slice(0, -suffix.length),
      statements: statementsOf(readFileSync(join(folder, name), 'utf8')),
    }));
}

/** Makes an empty database what the release left. @public */
export async function loadReleasedSchema(database: Database, { statements }: ReleasedSchema): Promise<void> {
  const nothing = { name: 'released schema', entities: [], tasks: [] };
  await using connection = await database.connect(nothing, { signal: new AbortController().signal });
  for (const statement of statements) await connection.dataSource.manager.query(statement);
}

function statementsOf(text: string): string[] {
  return text
    .replace(/^--.*\n/gm, '')
    .split(/;\s*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter(Boolean);
}
