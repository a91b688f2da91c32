import type { Module } from '../module';
import type { ObjectRules } from '../object-access';
import { freeBusyActions } from './busy';
import { readingCalendar } from './reading';
import { calendarRules, calendarRulesOf6 } from './rules';
import { writingCalendar } from './writing';

function calendarModule(rules: ObjectRules): Module {
  return { ...readingCalendar(rules), ...writingCalendar(rules), ...freeBusyActions };
}

/** OX HTTP API, "Module calendar", the one from before chronos. */
export const calendar = calendarModule(calendarRules);

export const calendarOf6 = calendarModule(calendarRulesOf6);
