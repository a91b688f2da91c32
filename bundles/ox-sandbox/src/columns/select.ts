import type { Column, Viewer } from './column';

/** SQL that writes the columns as a JSON array; absent and unknown ones are null. */
export function rowSql(columns: readonly (Column | undefined)[], viewer: Viewer): string {
  return `json_array(${columns.map((column) => (column ? valueSql(column, viewer) : 'NULL')).join(', ')})`;
}

/** SQL that writes the columns as a JSON object that has only the fields with a value. */
export function objectSql(columns: readonly Column[], viewer: Viewer): string {
  const members = columns.map((column) => `'${column.name}', ${valueSql(column, viewer)}`);
  return `json_patch('{}', json_object(${members.join(', ')}))`;
}

/** SQL of a column's value as it goes into JSON. */
export function valueSql(column: Column, viewer: Viewer): string {
  const value = column.sql ? `(${column.sql(viewer)})` : `t."${column.name}"`;
  switch (column.type) {
    case 'id':
      return viewer.numericIds ? value : `CAST(${value} AS TEXT)`;
    case 'bool':
      return `json(CASE ${value} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END)`;
    case 'json':
      return `json(${value})`;
    case 'time':
      return shifted(value, viewer);
    case 'dateOrTime':
      return viewer.zone === 'UTC' ? value : `CASE WHEN t.full_time THEN ${value} ELSE ${shifted(value, viewer)} END`;
    default:
      return value;
  }
}

function shifted(value: string, { zone }: Viewer): string {
  return zone === 'UTC' ? value : `zoned(${value}, '${zone}')`;
}
