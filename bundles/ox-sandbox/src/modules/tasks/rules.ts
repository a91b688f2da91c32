import type { OxCode } from '../../envelope/codes';
import type { ObjectRules } from '../object-access';

/** Number of the standard task folder. */
export const standardFolder = 1;

export const peopleCodes = { unknown: 'TSK-0018', noAddress: 'TSK-0044' } as const satisfies Record<string, OxCode>;

/** OX HTTP API, "Detailed task data", status. */
export const Status = { notStarted: 1, done: 3 } as const;

export const taskRules: ObjectRules = {
  module: 'tasks',
  objects: ({ tasks }) => tasks,
  hidesDeletions: true,
  list: { repeats: 'always', skipsRefused: true },
  codes: {
    notFound: 'TSK-0019',
    conflict: 'TSK-0007',
    wrongFolder: 'TSK-0006',
    notVisible: 'TSK-0059',
    noRead: 'TSK-0023',
    noCreate: 'TSK-0025',
    noWrite: 'TSK-0033',
    noDelete: 'TSK-0014',
    tooLong: 'TSK-0041',
  },
};
