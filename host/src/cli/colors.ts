import picocolors from 'picocolors';
import { environmentVariable } from '../launch/environment';

/** On a terminal only, whatever `CI` or `FORCE_COLOR` say: scripts read everything else. */
function colorsFor({ isTTY = false }: { readonly isTTY?: boolean }): ReturnType<typeof picocolors.createColors> {
  return picocolors.createColors(isTTY && environmentVariable('NO_COLOR') === undefined);
}

/** For standard output. */
export const colors = colorsFor(process.stdout);

/** For standard error. */
export const errorColors = colorsFor(process.stderr);
