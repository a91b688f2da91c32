const units: readonly (readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number])[] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** `3 hours ago`. */
export function ago(time: string | number): string {
  const seconds = (Date.now() - new Date(time).getTime()) / 1000;
  const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' });
  for (const [unit, size] of units) if (seconds >= size) return relative.format(-Math.floor(seconds / size), unit);
  return 'just now';
}

/** `2026-11-28 11:04:09`, in the browser's time zone. */
export function timeText(time: string | number): string {
  const date = new Date(time);
  const [day, clock] = [
    [date.getFullYear(), date.getMonth() + 1, date.getDate()],
    [date.getHours(), date.getMinutes(), date.getSeconds()],
  ].map((parts) => parts.map((each) => String(each).padStart(2, '0')));
  return `${day?.join('-') ?? ''} ${clock?.join(':') ?? ''}`;
}

/** `11:04:09`, of seconds since 1970. */
export function clockText(seconds: number): string {
  return timeText(seconds * 1000).slice(11);
}

/** Three digits are enough to look at. */
export function figure(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  if (value === 0) return '0';
  if (value >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(value >= 10 ? 3 : 2)));
}

export function valueText(value: unknown): string {
  if (value === undefined || value === null || value === '') return '–';
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(valueText).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
