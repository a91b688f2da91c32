import type { Mailbox } from '../../model/values';
import type { Cancellable } from './calls';

/** An entry of an address list. @public */
export interface DirectoryEntry {
  readonly kind: 'user' | 'group' | 'resource' | 'contact';
  readonly displayName: string;
  readonly address: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly alias?: string;
  readonly title?: string;
  readonly company?: string;
  readonly department?: string;
  readonly office?: string;
  readonly businessPhone?: string;
  readonly homePhone?: string;
  readonly mobilePhone?: string;
  /** Addresses of a group's members. */
  readonly members?: readonly Mailbox[];
}

/** The people of the groupware. @public */
export interface Directory {
  /** Global address list; with `contacts` also the user's own contacts. Prefix match, sorted by display name. */
  search(
    text: string,
    options: Cancellable & { offset: number; limit: number; contacts?: boolean },
  ): Promise<{ entries: readonly DirectoryEntry[]; total: number }>;
  /** @returns undefined when there is none */
  picture(address: string, options: Cancellable): Promise<{ contentType: string; data: Uint8Array } | undefined>;
  /**
   * Certificates for mails to this address (X.509, DER), the best one first. Absent where the backend keeps none.
   */
  certificates?(address: string, options: Cancellable): Promise<readonly Uint8Array[]>;
}
