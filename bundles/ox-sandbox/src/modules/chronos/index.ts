import type { Module } from '../module';
import { readingChronos } from './reading';
import { writingChronos } from './writing';

/** OX HTTP API, "Module chronos": the calendar of 7.10, over the same appointments as the old one. */
export const chronos: Module = { ...readingChronos, ...writingChronos };

export { chronosAlarms } from './alarms';
