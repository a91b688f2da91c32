import { OxtenderError } from '@oxtender/bundle-api';
import { matches } from '../device/policy';

/** The user lives on another server: 451 with its address. [MS-ASHTTP] "X-MS-Location". */
export class Redirected extends OxtenderError<'REDIRECTED'> {
  constructor(readonly location: string) {
    super('REDIRECTED', `the user's server is ${location}`);
  }
}

/** The server of the first rule `login pattern=URL` that matches; undefined: this one. */
export function redirectFor(login: string, rules: readonly string[]): string | undefined {
  for (const rule of rules) {
    const equals = rule.indexOf('=');
    if (matches(login, rule.slice(0, equals))) return rule.slice(equals + 1).trim();
  }
  return undefined;
}

/** @throws Redirected when a rule sends the user elsewhere */
export function checkRedirects(login: string, rules: readonly string[]): void {
  const location = redirectFor(login, rules);
  if (location !== undefined) throw new Redirected(location);
}
