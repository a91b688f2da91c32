import type { Appointment, Instant } from '@oxtender/bundle-api';
import { omit } from './omit';

/** One occurrence of a series as an appointment of its own, with what an exception says. */
export function singleOccurrence(series: Appointment, originalStart: Instant): Appointment {
  const single = omit(series, 'recurrence', 'exceptions');
  const exception = series.exceptions?.find((one) => one.originalStart === originalStart);
  const end = originalStart + series.end - series.start;
  return { ...single, start: originalStart, end, ...(exception && omit(exception, 'originalStart')) };
}
