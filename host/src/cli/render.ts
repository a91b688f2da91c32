import Table from 'cli-table3';
import { colors } from './colors';
import { printable } from './printable';

type Row = Readonly<Record<string, unknown>>;

/** A result as a person reads it: records are a table, one record is a list, a text is a text. */
export function render(result: unknown): string {
  if (result === undefined || result === null) return '';
  if (typeof result === 'string') return printable(result);
  if (Array.isArray(result)) return renderArray(result);
  if (typeof result === 'object') return renderList(result as Row);
  return cell(result);
}

function renderArray(values: readonly unknown[]): string {
  if (values.length === 0) return 'none';
  return isTable(values) ? renderTable(values) : values.map(cell).join('\n');
}

const noLines = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
};
const noGrid = { left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ' };
const style = { head: [], border: [], 'padding-left': 0, 'padding-right': 0 };

function renderTable(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((column) =>
    isWorthShowing(rows, column),
  );
  const table = new Table({
    head: columns.map((column) => colors.bold(column)),
    chars: { ...noLines, ...noGrid },
    style,
  });
  table.push(...rows.map((row) => columns.map((column) => paint(column, cell(row[column])))));
  return trimLines(table.toString());
}

/** A column that is empty in every row, or repeats another one, tells nothing. */
function isWorthShowing(rows: readonly Row[], column: string): boolean {
  if (rows.every((row) => cell(row[column]) === '')) return false;
  return !(column === 'symbolicName' && rows.every((row) => 'name' in row));
}

function renderList(row: Row): string {
  const width = Math.max(...Object.keys(row).map((key) => key.length));
  return Object.entries(row)
    .map(
      ([key, value]) =>
        `${colors.bold(key.padEnd(width))}  ${paint(key, cell(value)).replaceAll('\n', `\n${' '.repeat(width + 2)}`)}`,
    )
    .join('\n');
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(cell).join(', ');
  return printable(typeof value === 'string' ? value : JSON.stringify(value));
}

const good = /^(ACTIVE|active|OK|satisfied|serving)$/;
const bad = /^(failed|CRITICAL|HEALTH_CHECK_ERROR|error)/;
const middling = /^(RESOLVED|INSTALLED|STARTING|STOPPING|WARN|TEMPORARILY_UNAVAILABLE|unsatisfied|shadowed|warn)/;

function paint(column: string, text: string): string {
  if (!['state', 'status', 'level', 'note'].includes(column)) return text;
  if (good.test(text)) return colors.green(text);
  if (bad.test(text)) return colors.red(text);
  return middling.test(text) || column === 'note' ? colors.yellow(text) : text;
}

function isTable(rows: readonly unknown[]): rows is readonly Row[] {
  return rows.every((row) => typeof row === 'object' && row !== null && !Array.isArray(row));
}

function trimLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
