import { readDeviceInformation } from '../../device/device-information';
import { type Command, type CommandCall, type CommandServices, describeCommand } from '../../protocol/command';
import { type Infer, container, object, optional, text, tree } from '../../protocol/schema';
import { type Element, Settings as Page, element } from '../../wbxml';
import { getOof, oofRequest, setOof } from './oof';
import { SettingsStatus } from './status';
import { userInformation } from './user-information';

const empty = object({});

/** [MS-ASCMD] "Settings", request schema. */
const request = object({
  oof: optional(oofRequest),
  deviceInformation: optional(tree(Page.DeviceInformation)),
  devicePassword: optional(container(Page.DevicePassword, container(Page.Set, text(Page.Password)))),
  userInformation: optional(container(Page.UserInformation, container(Page.Get, empty))),
  rightsManagementInformation: optional(container(Page.RightsManagementInformation, container(Page.Get, empty))),
});

type SettingsRequest = Infer<typeof request>;

/** Information rights management is off: common status 168. [MS-ASRM] "Status". */
const rightsManagementDisabled = 168;

/** [MS-ASCMD] "Settings": each property is answered by itself, in the order of the schema. */
export class Settings implements Command<typeof request> {
  static readonly descriptor = describeCommand({
    name: 'Settings',
    root: Page.Settings,
    request,
    since: '12.0',
    status: { malformed: SettingsStatus.ProtocolError, serverError: SettingsStatus.ServerUnavailable },
  });

  constructor(private readonly services: CommandServices) {}

  async execute(asked: SettingsRequest, call: CommandCall): Promise<Element> {
    return element(
      Page.Settings,
      element(Page.Status, SettingsStatus.Success),
      asked.oof && (await (asked.oof.kind === 'get' ? getOof(asked.oof.value, call) : setOof(asked.oof.value, call))),
      asked.deviceInformation && (await this.#deviceInformation(asked.deviceInformation, call)),
      asked.devicePassword === undefined ? undefined : devicePassword(asked.devicePassword),
      asked.userInformation && userInformation(call),
      asked.rightsManagementInformation && property(Page.RightsManagementInformation, rightsManagementDisabled),
    );
  }

  async #deviceInformation(deviceInformation: Element, call: CommandCall): Promise<Element> {
    await this.services.devices.setInformation(call.session.device, readDeviceInformation(deviceInformation));
    return property(Page.DeviceInformation, SettingsStatus.Success);
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
