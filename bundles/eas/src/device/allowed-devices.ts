import type { DeviceIdentity } from '@oxtender/bundle-api';
import { isAtLeast, type ProtocolVersion } from '../protocol/versions';
import { matches } from './policy';

/** Which devices an operator lets in. */
interface DeviceRule {
  readonly type: string;
  readonly userAgent: string;
  /** The oldest version; undefined: any. */
  readonly since: ProtocolVersion | undefined;
}

/** `type`, `type@user agent`, each with `>=version`: `iPhone*`, `Android*>=14.1`, `*@Outlook-iOS-Android/*`. */
const form = /^\s*(?<type>[^@>]+?)\s*(?:@(?<userAgent>[^>]+?)\s*)?(?:>=\s*(?<since>\S+)\s*)?$/;

function ruleOf(text: string): DeviceRule {
  const { type = '', userAgent = '*', since } = form.exec(text)?.groups ?? {};
  return { type, userAgent, since: since as ProtocolVersion | undefined };
}

/** True when one of the rules lets the device in, or there is none. */
export function isAllowed(
  { type, userAgent = '' }: Pick<DeviceIdentity, 'type' | 'userAgent'>,
  version: ProtocolVersion,
  rules: readonly string[],
): boolean {
  if (rules.length === 0) return true;
  return rules
    .map(ruleOf)
    .some(
      (rule) =>
        matches(type, rule.type) &&
        matches(userAgent, rule.userAgent) &&
        (rule.since === undefined || isAtLeast(version, rule.since)),
    );
}
