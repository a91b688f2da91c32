import type { CommandCall } from '../../protocol/command';
import { isAtLeast } from '../../protocol/versions';
import { type Element, Settings, element } from '../../wbxml';
import { SettingsStatus } from './status';

/** [MS-ASCMD] "UserInformation": the user's addresses, from 14.1 below an account. */
export function userInformation({ session, version }: CommandCall): Element {
  const { addresses, primaryAddress } = session.user;
  const list = addresses.map((address) => element(Settings.SMTPAddress, address));
  const get = isAtLeast(version, '14.1')
    ? element(
        Settings.Get,
        element(
          Settings.Accounts,
          element(
            Settings.Account,
            element(Settings.EmailAddresses, ...list, element(Settings.PrimarySmtpAddress, primaryAddress)),
          ),
        ),
      )
    : element(Settings.Get, element(Settings.EmailAddresses, ...list));
  return element(Settings.UserInformation, element(Settings.Status, SettingsStatus.Success), get);
}
