/** How the program ends. */
export const ExitCode = {
  Done: 0,
  /** The server cannot be reached, or answers what no server should. */
  Failed: 1,
  /** Wrong options. */
  Usage: 2,
  /** The server does not accept the user or the password. */
  Unauthorized: 3,
  /** The server answers, and refuses: the device is blocked, a folder has a status other than 1. */
  Refused: 4,
} as const;

/** The end of the program, with what to tell the person. */
export class Failure extends Error {
  constructor(
    message: string,
    readonly exitCode: number,
  ) {
    super(message);
  }
}

/** Takes an answer's HTTP status for what it means. @throws Failure */
export function checkHttp(step: string, status: number): void {
  if (status === 200) return;
  const [why, exitCode] = meanings.get(status) ?? ['', ExitCode.Failed];
  throw new Failure(`${step}: HTTP ${status}${why === '' ? '' : `, ${why}`}`, exitCode);
}

/** [MS-ASHTTP] "Status Line". */
const meanings = new Map<number, readonly [why: string, exitCode: number]>([
  [401, ['the user or the password is not accepted', ExitCode.Unauthorized]],
  [403, ['the user or this device may not synchronise', ExitCode.Refused]],
  [404, ['nothing is at this address; is the URL right?', ExitCode.Failed]],
  [449, ['a policy must be applied first', ExitCode.Refused]],
  [451, ["the user's mailbox is on another server", ExitCode.Refused]],
  [503, ['the server is busy or out of order', ExitCode.Failed]],
]);

/** What a failed connection means to a person. */
export function reasonOf(error: unknown): string {
  const { cause, message, code } = error as { cause?: unknown; message?: string; code?: string };
  if (cause instanceof Error) return reasonOf(cause);
  return message !== undefined && message !== '' ? message : (code ?? String(error));
}
