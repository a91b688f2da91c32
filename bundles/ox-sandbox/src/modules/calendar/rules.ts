import type { OxCode } from '../../envelope/codes';
import type { ObjectRules } from '../object-access';

/** Number of the standard calendar folder. */
export const standardFolder = 2;

export const peopleCodes = { unknown: 'APP-0103', noAddress: 'APP-0008' } as const satisfies Record<string, OxCode>;

/** The old calendar over chronos, as 7.10 has it: what concerns the object's state carries chronos' codes. */
export const calendarRules: ObjectRules = {
  module: 'calendar',
  objects: ({ appointments }) => appointments,
  hidesDeletions: false,
  list: { repeats: 'always', skipsRefused: false },
  codes: {
    notFound: 'CAL-4040',
    conflict: 'CAL-4120',
    wrongFolder: 'APP-0054',
    notVisible: 'APP-0062',
    noRead: 'APP-0013',
    noCreate: 'APP-0063',
    noWrite: 'APP-0059',
    noDelete: 'APP-0059',
    tooLong: 'APP-0072',
  },
};

/** The calendar of 6.x: missing and changed objects are generic errors. */
export const calendarRulesOf6: ObjectRules = {
  ...calendarRules,
  list: { repeats: 'never', skipsRefused: false },
  codes: { ...calendarRules.codes, notFound: 'OX-0001', conflict: 'OX-0002' },
};
