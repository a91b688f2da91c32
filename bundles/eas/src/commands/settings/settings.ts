import { isOxtenderError } from '@oxtender/bundle-api';
import { readDeviceInformation } from '../../device/device-information';
import { type Command, type CommandCall, type CommandServices, describeCommand } from '../../protocol/command';
import { type Infer, choice, container, many, object, text, tree } from '../../protocol/schema';
import { type Element, Settings as Page, element } from '../../wbxml';
import { getOof, oofRequest, setOof } from './oof';
import { SettingsStatus } from './status';
import { userInformation } from './user-information';

const empty = object({});

/** [MS-ASCMD] "Settings", request schema. */
const request = many(
  choice({
    oof: oofRequest,
    deviceInformation: tree(Page.DeviceInformation),
    devicePassword: container(Page.DevicePassword, container(Page.Set, text(Page.Password))),
    userInformation: container(Page.UserInformation, container(Page.Get, empty)),
    rightsManagementInformation: container(Page.RightsManagementInformation, container(Page.Get, empty)),
  }),
  { min: 1 },
);

type Property = Infer<typeof request>[number];

/** Information rights management is off: common status 168. [MS-ASRM] "Status". */
const rightsManagementDisabled = 168;

/** [MS-ASCMD] "Settings": each property is answered by itself, in the order of the request. */
export class Settings implements Command<typeof request> {
  static readonly descriptor = describeCommand({
    name: 'Settings',
    root: Page.Settings,
    request,
    since: '12.0',
    status: { malformed: SettingsStatus.ProtocolError, serverError: SettingsStatus.ServerUnavailable },
  });

  constructor(private readonly services: CommandServices) {}

  async execute(properties: readonly Property[], call: CommandCall): Promise<Element> {
    const answers: Element[] = [];
    for (const asked of properties) answers.push(await this.#answer(asked, call));
    return element(Page.Settings, element(Page.Status, SettingsStatus.Success), answers);
  }

  async #answer(asked: Property, call: CommandCall): Promise<Element> {
    switch (asked.kind) {
      case 'oof':
        return outOfOffice(asked.value, call);
      case 'deviceInformation':
        return this.#deviceInformation(asked.value, call);
      case 'devicePassword':
        return devicePassword(asked.value);
      case 'userInformation':
        return userInformation(call);
      case 'rightsManagementInformation':
        return property(Page.RightsManagementInformation, rightsManagementDisabled);
    }
  }

  async #deviceInformation(deviceInformation: Element, call: CommandCall): Promise<Element> {
    await this.services.devices.setInformation(call.session.device, readDeviceInformation(deviceInformation));
    return property(Page.DeviceInformation, SettingsStatus.Success);
  }
}

/** What the groupware fails at, or refuses: of this property alone. */
const statusOfFailure: Partial<Record<string, number>> = {
  PERMISSION: SettingsStatus.AccessDenied,
  UNSUPPORTED: SettingsStatus.AccessDenied,
  UNAVAILABLE: SettingsStatus.ServerUnavailable,
  BROKEN_ANSWER: SettingsStatus.ServerUnavailable,
  INVALID: SettingsStatus.InvalidArguments,
  TOO_LONG: SettingsStatus.InvalidArguments,
};

async function outOfOffice(asked: Infer<typeof oofRequest>, call: CommandCall): Promise<Element> {
  try {
    return asked.kind === 'get' ? await getOof(asked.value, call) : await setOof(asked.value, call);
  } catch (error) {
    const status = isOxtenderError(error) ? statusOfFailure[error.code] : undefined;
    if (status === undefined) throw error;
    call.log.warn('out of office was not read or set', { status, error });
    return property(Page.Oof, status);
  }
}

/** Longest password. [MS-ASCMD] "Password (Settings)". */
const maxPassword = 255;

/** Recovery of device passwords is not offered: the policy says so, and nobody else may learn them. */
function devicePassword(password: string): Element {
  const tooLong = password.length > maxPassword;
  return property(Page.DevicePassword, tooLong ? SettingsStatus.InvalidArguments : SettingsStatus.DeniedByPolicy);
}

function property(tag: Element['tag'], status: number): Element {
  return element(tag, element(Page.Status, status));
}
