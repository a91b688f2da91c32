import { protocolVersions } from '../protocol/versions';

/** Told to devices that look for it; they adapt to versions and commands, not to this. */
const serverVersion = '16.1';

/** What a server tells of itself in the answer to OPTIONS. [MS-ASHTTP] "HTTP OPTIONS Response". */
export function protocolHeaders(commands: readonly string[]): Record<string, string> {
  return {
    'MS-Server-ActiveSync': serverVersion,
    'MS-ASProtocolVersions': protocolVersions.join(','),
    'MS-ASProtocolCommands': commands.join(','),
  };
}

/** Methods, as Exchange names them twice. */
export const methodHeaders = { Public: 'OPTIONS,POST', Allow: 'OPTIONS,POST' } as const;
