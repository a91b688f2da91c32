import { minute } from '../date-time';
import type { ClockChange, TimeZoneRules } from './time-zone-rules';

/**
 * The TimeZone structure: 172 bytes in base64, little endian. Bias and dates as in Windows: minutes to add to local time
 * to get UTC, and SYSTEMTIME with year 0 for a yearly rule. [MS-ASDTYPE] "TimeZone".
 */
const layout = {
  bias: 0,
  standardName: 4,
  standardDate: 68,
  standardBias: 84,
  daylightName: 88,
  daylightDate: 152,
  daylightBias: 168,
  size: 172,
  /** UTF-16 units of a name, one of them for the end. */
  nameLength: 32,
} as const;

/** Fields of SYSTEMTIME, two bytes each. */
const systemTime = {
  year: 0,
  month: 2,
  dayOfWeek: 4,
  day: 6,
  hour: 8,
  minute: 10,
  second: 12,
  millisecond: 14,
} as const;

/** Writes rules as the text of a Timezone element. The name stands in both names, if it fits. */
export function encodeTimeZone({ name, standardOffset, daylight }: TimeZoneRules): string {
  const bytes = Buffer.alloc(layout.size);
  bytes.writeInt32LE(-standardOffset, layout.bias);
  if (name.length < layout.nameLength) {
    bytes.write(name, layout.standardName, 'utf16le');
    bytes.write(name, layout.daylightName, 'utf16le');
  }
  if (daylight !== undefined) {
    writeChange(bytes, layout.standardDate, daylight.ends);
    writeChange(bytes, layout.daylightDate, daylight.begins);
    bytes.writeInt32LE(standardOffset - daylight.offset, layout.daylightBias);
  }
  return bytes.toString('base64');
}

/** Reads the text of a Timezone element; undefined when it is no such structure. */
export function decodeTimeZone(text: string): TimeZoneRules | undefined {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length < layout.size) return undefined;
  const bias = bytes.readInt32LE(layout.bias);
  const standardOffset = noNegativeZero(-bias - bytes.readInt32LE(layout.standardBias));
  const offset = noNegativeZero(-bias - bytes.readInt32LE(layout.daylightBias));
  const ends = readChange(bytes, layout.standardDate);
  const begins = readChange(bytes, layout.daylightDate);
  const name = readName(bytes, layout.standardName);
  if (Math.abs(standardOffset) > 24 * 60) return undefined;
  if (ends === undefined || begins === undefined || offset === standardOffset) return { name, standardOffset };
  return { name, standardOffset, daylight: { offset, begins, ends } };
}

/** True for a structure of zeros, by which many programs say that they know no zone. */
export function isBlankTimeZone({ name, standardOffset, daylight }: TimeZoneRules): boolean {
  return name === '' && standardOffset === 0 && daylight === undefined;
}

function writeChange(bytes: Buffer, at: number, change: ClockChange): void {
  bytes.writeUInt16LE(change.month, at + systemTime.month);
  bytes.writeUInt16LE(change.dayOfWeek, at + systemTime.dayOfWeek);
  bytes.writeUInt16LE(change.week, at + systemTime.day);
  const { timeOfDay } = change;
  bytes.writeUInt16LE(Math.floor(timeOfDay / (60 * minute)), at + systemTime.hour);
  bytes.writeUInt16LE(Math.floor(timeOfDay / minute) % 60, at + systemTime.minute);
  bytes.writeUInt16LE(Math.floor(timeOfDay / 1000) % 60, at + systemTime.second);
  bytes.writeUInt16LE(timeOfDay % 1000, at + systemTime.millisecond);
}

function readChange(bytes: Buffer, at: number): ClockChange | undefined {
  const field = (name: keyof typeof systemTime) => bytes.readUInt16LE(at + systemTime[name]);
  const month = field('month');
  if (month < 1 || month > 12) return undefined;
  const timeOfDay =
    ((field('hour') * 60 + field('minute')) * 60 + field('second')) * 1000 + Math.min(field('millisecond'), 999);
  const year = field('year');
  if (year !== 0) {
    // One date instead of a rule: the weekday that it is, counted in its month.
    const date = new Date(Date.UTC(year, month - 1, field('day')));
    return { month, dayOfWeek: date.getUTCDay(), week: Math.ceil(field('day') / 7), timeOfDay };
  }
  return { month, dayOfWeek: field('dayOfWeek') % 7, week: Math.min(Math.max(field('day'), 1), 5), timeOfDay };
}

function readName(bytes: Buffer, at: number): string {
  const text = bytes.toString('utf16le', at, at + layout.nameLength * 2);
  const end = text.indexOf('\0');
  return end === -1 ? text : text.slice(0, end);
}

/** 0 for -0, which is another value to those who compare deeply. */
function noNegativeZero(value: number): number {
  return value === 0 ? 0 : value;
}
