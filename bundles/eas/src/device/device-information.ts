import { type Element, Settings } from '../wbxml';

/** What a device may tell, and the name under which it is kept. [MS-ASCMD] "DeviceInformation". */
const properties = new Map([
  [Settings.Model, 'model'],
  [Settings.IMEI, 'imei'],
  [Settings.FriendlyName, 'friendlyName'],
  [Settings.OS, 'os'],
  [Settings.OSLanguage, 'osLanguage'],
  [Settings.PhoneNumber, 'phoneNumber'],
  [Settings.UserAgent, 'userAgent'],
  [Settings.EnableOutboundSMS, 'enableOutboundSms'],
  [Settings.MobileOperator, 'mobileOperator'],
]);

/** Reads `Settings:DeviceInformation`, from Settings or Provision: in any order; what is unknown is passed over. */
export function readDeviceInformation(deviceInformation: Element): Record<string, string> {
  const information: Record<string, string> = {};
  for (const child of deviceInformation.child(Settings.Set)?.children ?? []) {
    const name = properties.get(child.tag);
    if (name !== undefined && child.text !== '') information[name] = child.text.slice(0, 1024);
  }
  return information;
}
