/**
 * Makes items of rows, each in the place of its row: of a large folder, rows and items are never all in memory at a time.
 *
 * @param rows - nobody else's; they are the items afterwards
 * @param make - undefined for a row that is no item
 */
export function inPlace<R, T extends object>(rows: R[], make: (row: R) => T | undefined): T[] {
  const items = rows as unknown as T[];
  let count = 0;
  for (const row of rows) {
    const item = make(row);
    if (item) items[count++] = item;
  }
  items.length = count;
  return items;
}
