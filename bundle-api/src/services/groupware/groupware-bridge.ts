import { serviceToken } from '../../framework/token';
import type { TimeZoneId } from '../../model/values';
import type { Cancellable } from './calls';
import type { GroupwareSession } from './groupware-session';

/** A user's proof. Never logged, never stored. @public */
export interface Credentials {
  readonly login: string;
  readonly password: string;
}

/** What a login tells of the device. @public */
export interface LoginOptions extends Cancellable {
  /** Address of the device, for the backend's own checks and logs. */
  readonly address?: string;
  readonly userAgent?: string;
}

/**
 * A groupware server as a synchronisation engine sees it. Nothing in it names a product: a bridge over IMAP and
 * CalDAV, or over JMAP, implements the same.
 *
 * @public
 */
export interface GroupwareBridge {
  /** Short name of the backend for logs: `ox`. */
  readonly name: string;
  /**
   * Logs in, or joins the session that the bridge already holds for the same user and password. Concurrent logins of
   * one user cause one login at the backend. A password that was just refused is refused again without asking the
   * backend, for a back-off time, so that a phone with an old password does not lock the account.
   *
   * @returns a handle; the caller disposes it, the bridge keeps the backend's session until it was idle for long
   * @throws GroupwareError AUTHENTICATION, PASSWORD_EXPIRED, NOT_ALLOWED, UNAVAILABLE
   */
  login(credentials: Credentials, options: LoginOptions): Promise<GroupwareSession>;
  /**
   * False while {@link GroupwareBridge.login} would refuse a user who comes from this address, whatever the password, since too many
   * wrong ones were tried. Whoever keeps logins over requests asks before each use, and logs in anew where it is false: else the
   * right guess is told from the wrong ones. Costs nothing. Absent: the bridge counts no guesses.
   */
  admits?(login: string, address: string | undefined): boolean;
}

/** Its token: what it is registered and found by. @public */
export const GroupwareBridge = serviceToken<GroupwareBridge>('groupware.GroupwareBridge');

/** Who has logged in. @public */
export interface GroupwareUser {
  /** Tenant; part of every key in storage. Integer text for OX. */
  readonly contextId: number;
  readonly userId: number;
  /** As the user logs in. */
  readonly login: string;
  readonly displayName: string;
  readonly primaryAddress: string;
  /** All addresses that are the user's, the primary one first. */
  readonly addresses: readonly string[];
  readonly timeZone: TimeZoneId;
  /** For example `de_DE`. */
  readonly locale: string;
}
