import type { IncomingHttpHeaders } from 'node:http';
import type { CommandName } from '../protocol/command-codes';
import type { CommandParameters } from '../protocol/command';
import { Refused } from '../protocol/refused';
import { BadRequest } from './bad-request';
import { parseBase64Query } from './base64-query';
import { parsePlainQuery } from './plain-query';

/** What URL and headers say of a request, the same for both forms of the query. */
export interface RequestLine {
  readonly command: CommandName;
  /** Of this server's or any other: `16.1`, `99.0`; empty when there was none. */
  readonly version: string;
  /** Not checked yet, nor is the type: see {@link checkDevice}. */
  readonly deviceId: string;
  readonly deviceType: string;
  /** As the query has it: for the log only, the user is who the credentials say. */
  readonly user: string | undefined;
  readonly policyKey: number | undefined;
  readonly acceptMultiPart: boolean;
  readonly parameters: CommandParameters;
}

/**
 * Reads the query in whichever form it comes: one with `Cmd=` is plain. [MS-ASHTTP] "Request-URI".
 *
 * @throws BadRequest BAD_QUERY, UNKNOWN_COMMAND
 */
export function parseRequestLine(query: string, headers: IncomingHttpHeaders): RequestLine {
  if (query === '') throw new BadRequest('BAD_QUERY', 'the query is empty');
  return /(^|&)Cmd=/i.test(query) ? parsePlainQuery(query, headers) : parseBase64Query(query);
}

/**
 * A device id is letters, digits and what devices are known to use beside them, up to 64 characters: [MS-ASHTTP]
 * "DeviceId" forbids commas and special characters. A device type is any printable text.
 *
 * @throws Refused DEVICE_ID_MISSING_OR_INVALID, DEVICE_TYPE_MISSING_OR_INVALID
 */
export function checkDevice({ deviceId, deviceType }: RequestLine): void {
  if (!/^[\w.:{}+=@~-]{1,64}$/.test(deviceId)) {
    throw new Refused('DEVICE_ID_MISSING_OR_INVALID', deviceId === '' ? 'no device id' : 'not the form of a device id');
  }
  if (!/^[\x20-\x7e]{1,64}$/.test(deviceType)) {
    throw new Refused(
      'DEVICE_TYPE_MISSING_OR_INVALID',
      deviceType === '' ? 'no device type' : 'no printable device type',
    );
  }
}
