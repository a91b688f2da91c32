import { OxtenderError } from '@oxtender/bundle-api';
import { matches } from '../device/policy';

/** The user lives on another server: 451 with its address. [MS-ASHTTP] "X-MS-Location". */
export class Redirected extends OxtenderError<'REDIRECTED'> {
  constructor(readonly location: string) {
    super('REDIRECTED', `the user's server is ${location}`);
  }
}

/** Sends a user to the server that the first matching rule names; rules are `login pattern=URL`. @throws Redirected */
export function checkRedirects(login: string, rules: readonly string[]): void {
  for (const rule of rules) {
    const equals = rule.indexOf('=');
    if (matches(login, rule.slice(0, equals))) throw new Redirected(rule.slice(equals + 1).trim());
  }
}
