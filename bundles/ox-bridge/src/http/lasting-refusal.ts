import type { OxAnswer } from './ox-call';
import { OxError } from './ox-error';

/**
 * An answer; undefined for a refusal that asking again would not change, such as that of a module that the user does not have.
 *
 * @throws OxError any other: what is not known now must not be taken for what is not there
 */
export function unlessRefused<T>(answer: OxAnswer<T> | OxError | undefined): OxAnswer<T> | undefined {
  if (!(answer instanceof OxError)) return answer;
  if (isPassing(answer)) throw answer;
  return undefined;
}

/** True when the server may answer otherwise the next time. */
export function isPassing({ code }: OxError): boolean {
  return code === 'UNAVAILABLE' || code === 'BROKEN_ANSWER';
}
