import type { Filter, PropertyTable } from '@oxtender/bundle-api';
import type { PropertyLayout } from './property-layout';
import type { ServiceRecord } from './service-record';

/**
 * The services with the same property names, in no order. What filters have asked for is also kept by columns: a search
 * then reads the memory from one end to the other, instead of going from service to service.
 */
export class ServiceTable implements PropertyTable {
  readonly records: ServiceRecord[] = [];
  readonly #layout: PropertyLayout;
  /** By the place of the property in its layout. */
  readonly #columns = new Map<number, unknown[]>();

  constructor(layout: PropertyLayout) {
    this.#layout = layout;
  }

  column(name: string): readonly unknown[] | undefined {
    const place = this.#layout.places.get(name);
    if (place === undefined) return undefined;
    let column = this.#columns.get(place);
    if (!column) {
      column = this.records.map(({ properties }) => properties.values[place]);
      this.#columns.set(place, column);
    }
    return column;
  }

  /** Adds those that match to what was found. */
  collect(filter: Filter, found: ServiceRecord[]): void {
    const matches = this.records.length > 0 ? filter.rowMatcher(this) : undefined;
    if (!matches) return;
    this.records.forEach((record, row) => {
      if (matches(row)) found.push(record);
    });
  }

  add(record: ServiceRecord): void {
    record.row = this.records.push(record) - 1;
    for (const [place, column] of this.#columns) column.push(record.properties.values[place]);
  }

  /** The last one takes the row. */
  delete(record: ServiceRecord): void {
    const { row } = record;
    const last = this.records.pop();
    if (!last) return;
    if (last !== record) {
      this.records[row] = last;
      last.row = row;
    }
    for (const column of this.#columns.values()) {
      const value = column.pop();
      if (last !== record) column[row] = value;
    }
  }
}
