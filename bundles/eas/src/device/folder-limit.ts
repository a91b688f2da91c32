import type { EasConfig } from '../config';
import { Refused } from '../protocol/refused';

/** [MS-ASCMD] "Common Status Codes", 151. @throws Refused TOO_MANY_FOLDERS */
export function checkFolderCount(count: number, config: EasConfig): void {
  const most = config['com.openexchange.usm.eas.max_folders'];
  if (most > 0 && count > most) throw new Refused('TOO_MANY_FOLDERS', `${count} folders, more than ${most}`);
}
