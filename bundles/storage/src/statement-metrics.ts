import type { Metrics } from '@oxtender/bundle-api';
import type { EngineLoad } from './engine';

/** Told of each statement: how long it took, waits for a connection or a turn not counted, and whether it failed. */
export type StatementObserver = (milliseconds: number, failed: boolean) => void;

/** From a row in memory to a statement that waits for a lock. */
const buckets = [0.00001, 0.00003, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];

export function observeStatements(metrics: Metrics): StatementObserver {
  const total = metrics.counter({
    name: 'db_queries_total',
    help: 'Statements sent to the database',
    labels: ['outcome'],
  });
  const time = metrics.histogram({ name: 'db_query_seconds', help: 'Time of a statement in the database', buckets });
  const outcomes = { ok: { outcome: 'ok' }, failed: { outcome: 'failed' } };
  return (milliseconds, failed) => {
    total.add(1, failed ? outcomes.failed : outcomes.ok);
    time.observe(milliseconds / 1000);
  };
}

/** @param load - undefined while there is no database */
export function observeLoad(metrics: Metrics, load: () => EngineLoad | undefined): void {
  const help = 'Connections to the database in use; on SQLite, the writer';
  metrics.gauge({ name: 'db_connections_used', help, collect: () => load()?.used ?? 0 });
  const waits = 'Statements and transactions that wait for a connection; on SQLite, for the turn to write';
  metrics.gauge({ name: 'db_waiting', help: waits, collect: () => load()?.waiting ?? 0 });
}
