import type { GroupwareErrorCode } from '@oxtender/bundle-api';

/** Meaning of a category where the code says nothing more. OX HTTP API, "Error categories". */
export const meaningOfCategory: Readonly<Record<number, GroupwareErrorCode>> = {
  1: 'INVALID',
  2: 'UNAVAILABLE',
  3: 'PERMISSION',
  4: 'UNAVAILABLE',
  5: 'UNAVAILABLE',
  6: 'UNAVAILABLE',
  7: 'BROKEN_ANSWER',
  8: 'BROKEN_ANSWER',
  9: 'CONFLICT',
  10: 'UNAVAILABLE',
  11: 'QUOTA',
  12: 'TOO_LONG',
};

const meanings: Readonly<Partial<Record<GroupwareErrorCode, string>>> = {
  AUTHENTICATION: 'LGI-0006',
  PASSWORD_EXPIRED: 'LGI-0011',
  NOT_ALLOWED: 'LGI-0001 LGI-0013 LGI-0014 LGI-0024 LGI-0026 SES-0204 TSK-0024 FLD-0002 MSG-0013 MSG-0014 MSG-0114',
  UNAVAILABLE:
    'LGI-0002 LGI-0003 LGI-0005 LGI-0010 SES-0001 SES-0002 SES-0007 SES-0207 SES-0208 SVL-0019 ' +
    'MSG-0015 MSG-0086 MSG-0074 MSG-0109 MSG-0112 FLD-1028 FLD-1035 FLD-1001 FLD-1002 FLD-1007 TSK-0054 APP-0108',
  NOT_FOUND:
    'FLD-0003 FLD-0008 FLD-1025 MSG-0032 MSG-0024 MSG-0049 MSG-0055 MSG-0066 CON-0125 CON-0174 CON-0261 ' +
    'TSK-0019 TSK-0048 CAL-4040 CAL-4041 CAL-4042 CAL-4043',
  CONFLICT: 'CON-0119 TSK-0007 CAL-4120 CAL-4121 FLD-0009 FLD-1022 SVL-0017 APP-0105',
  EXISTS: 'FLD-0012 FLD-1014 FLD-1033 FLD-1034 MSG-0063 APP-0100 CAL-4090 CON-0167',
  QUOTA: 'MSG-0028 MSG-0029 MSG-0088 MSG-0039 MSG-0075 MSG-0076 MSG-0116 MSG-0117 CON-0172',
  TOO_LONG: 'CON-0154 TSK-0041 APP-0072 CAL-5070 MSG-0083',
  PERMISSION: 'MSG-0056 MSG-0065 MSG-0050 CON-0165 CON-0166 CON-0173 APP-0076 MSG-0069 MSG-0071 MSG-0072 CAL-4045',
  INVALID: 'FLD-0007 FLD-0013 FLD-0014 FLD-0028 FLD-0045 FLD-1012 FLD-1031',
  UNSUPPORTED: 'SVL-0001 SVL-0006 SVL-0007 SVL-0021 APP-0066 APP-0093 CAL-4060 CAL-4061 CAL-4062 CAL-4063',
};

/** What a code means, where that differs from its category or is worth stating. OX HTTP API, error code lists. */
export const meaningOfCode: ReadonlyMap<string, GroupwareErrorCode> = new Map(
  Object.entries(meanings).flatMap(([meaning, codes]) =>
    codes.split(' ').map((code) => [code, meaning as GroupwareErrorCode]),
  ),
);

/** The mail is out, whatever else went wrong: no copy in Sent, or a flag was not set. */
export const sentAllTheSame: ReadonlySet<string> = new Set(['MSG-0042', 'MSG-0043', 'MSG-0082']);

/** An update without changes. */
export const nothingToChange = 'CON-0122';

/** True when the session is gone and a new login helps. Category 4 alone never says so. */
export function isSessionLost(code: string): boolean {
  if (code === 'SES-0009' || code === 'SVL-0002') return true;
  return code.startsWith('SES-02') && code !== 'SES-0204' && code !== 'SES-0207' && code !== 'SES-0208';
}
