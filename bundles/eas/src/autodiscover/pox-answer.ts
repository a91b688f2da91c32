import type { AutodiscoverErrorCode } from './autodiscover-error';
import { mobileSyncResponse } from './pox-request';
import { type XmlNode, printXmlDocument, xml } from './xml-document';

const responseSchema = 'http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006';

/** Whom the settings are for. */
export interface PoxUser {
  readonly displayName?: string;
  readonly address: string;
}

/** The settings of an account. [MS-ASCMD] "Server (Autodiscover)": Name has the same value as Url. */
export function settingsAnswer(user: PoxUser, url: string): string {
  const server = xml('Server', [xml('Type', 'MobileSync'), xml('Url', url), xml('Name', url)]);
  return mobileSync(user, xml('Settings', [server]));
}

/** The device asks again with this address. [MS-ASCMD] "Redirect". */
export function redirectAnswer(user: PoxUser, address: string): string {
  return mobileSync(user, xml('Redirect', address));
}

/** What an error is in the answer. Those within the MobileSync response: [MS-ASCMD] "Status (Autodiscover)". */
const errors: Partial<
  Record<AutodiscoverErrorCode, { status: number; text: string } | { code: number; text: string }>
> = {
  INVALID_REQUEST: { code: 600, text: 'Invalid Request' },
  NO_PROVIDER: { code: 601, text: 'Provider is not available' },
  UNKNOWN_ADDRESS: { code: 500, text: 'The e-mail address cannot be found' },
  BAD_ADDRESS: { status: 2, text: 'The e-mail address is not valid' },
  DIRECTORY_UNAVAILABLE: { status: 1, text: 'The directory service could not be reached' },
};

/** [MS-ASCMD] "Error": what concerns the account has a Status, what concerns the request an ErrorCode. */
export function errorAnswer(code: AutodiscoverErrorCode, address: string | undefined, now: number): string {
  const error = errors[code] ?? { code: 600, text: 'Invalid Request' };
  if ('status' in error) {
    const details = [xml('Status', String(error.status)), xml('Message', error.text), xml('DebugData', 'MailUser')];
    return mobileSync({ address: address ?? '' }, xml('Error', details));
  }
  const time = new Date(now).toISOString().slice(11, 23);
  const details = [xml('ErrorCode', String(error.code)), xml('Message', error.text), xml('DebugData', [])];
  const id = String(Math.trunc(now) % 0xffffffff);
  return document(xml('Response', [xml('Error', details, { Time: time, Id: id })]));
}

function mobileSync({ displayName, address }: PoxUser, action: XmlNode): string {
  const user = [...(displayName === undefined ? [] : [xml('DisplayName', displayName)]), xml('EMailAddress', address)];
  const parts = [xml('Culture', 'en:us'), xml('User', user), xml('Action', [action])];
  return document(xml('Response', parts, { xmlns: mobileSyncResponse }));
}

function document(response: XmlNode): string {
  return printXmlDocument(xml('Autodiscover', [response], { xmlns: responseSchema }));
}
