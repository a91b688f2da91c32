import type { DatabaseCheck, StatementResult } from '@oxtender/bundle-api';

/** Rows of a table whose session is gone. */
function withoutSession(table: string, content: string): DatabaseCheck {
  const orphans = `FROM ${table} WHERE NOT EXISTS (SELECT 1 FROM USMSession
    WHERE USMSession.cid = ${table}.cid AND USMSession.usmSessionId = ${table}.usmSessionId)`;
  return {
    name: `${table}-without-session`,
    description: `${content} of a session that is gone`,
    async count(manager) {
      const rows = await manager.query<{ found: number }[]>(`SELECT COUNT(*) AS found ${orphans}`);
      return rows[0]?.found ?? 0;
    },
    async repair(manager) {
      return (await manager.query<StatementResult>(`DELETE ${orphans}`)).affectedRows;
    },
  };
}

export const databaseChecks: readonly DatabaseCheck[] = [
  withoutSession('USMSessionFields', 'Values'),
  withoutSession('USMDataStorage', 'Sync states'),
  withoutSession('usmClientChange', 'Journalled changes'),
  withoutSession('usmIdMapping', 'Short ids'),
  withoutSession('usmIdSequenceTable', 'Sequences of short ids'),
  withoutSession('usmItemMove', 'Recorded moves'),
  withoutSession('usmSkippedItem', 'Skipped items'),
];
