import { IANAZone } from 'luxon';
import { findIana } from 'windows-iana';

/**
 * The IANA name of a TZID: what many programs decorate (`/softwarestudio.org/Tzfile/Europe/Berlin`), and what Outlook and
 * Exchange call by the names of Windows (`W. Europe Standard Time`), which mean the same everywhere (Unicode CLDR, "windowsZones").
 */
export function zoneNameOf(tzid: string): string | undefined {
  const [windows] = findIana(tzid);
  if (windows !== undefined) return windows;
  const steps = tzid.split('/').filter(Boolean);
  for (let count = steps.length; count > 0; count--) {
    const name = steps.slice(-count).join('/');
    if (IANAZone.isValidZone(name)) return name;
  }
  return undefined;
}
