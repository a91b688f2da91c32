import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** What it is sorted by; without, it is not. */
  readonly sort?: (row: Row) => string | number;
  readonly class?: string;
}

interface DataTableProps<Row> {
  /** Read by screen readers, not shown. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
  readonly empty: string;
}

/** A table that can be sorted; on a phone, each row becomes a card. */
export function DataTable<Row>({ caption, columns, rows, keyOf, empty }: DataTableProps<Row>) {
  const [order, setOrder] = useState<{ title: string; down: boolean }>();
  if (rows.length === 0) return <p class="empty">{empty}</p>;
  const by = columns.find(({ title }) => title === order?.title)?.sort;
  const sorted = by ? [...rows].sort((a, b) => compare(by(a), by(b)) * (order?.down === true ? -1 : 1)) : rows;
  return (
    // Roles are said again: a table that is laid out as cards would lose them.
    <table role="table">
      <caption class="unseen">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ title, sort, class: name }) => (
            <th key={title} role="columnheader" scope="col" class={name} aria-sort={sortOf(order, title)}>
              {sort ? (
                <button
                  type="button"
                  class="sort"
                  onClick={() => setOrder({ title, down: order?.title === title && !order.down })}
                >
                  {title}
                </button>
              ) : (
                title
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {sorted.map((row) => (
          <tr key={keyOf(row)} role="row">
            {columns.map(({ title, cell, class: name }) => (
              <td key={title} role="cell" class={name} data-title={title}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function sortOf(
  order: { title: string; down: boolean } | undefined,
  title: string,
): 'ascending' | 'descending' | undefined {
  if (order?.title !== title) return undefined;
  return order.down ? 'descending' : 'ascending';
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), 'en', { numeric: true });
}
