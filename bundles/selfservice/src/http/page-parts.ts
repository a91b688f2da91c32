import type { Clock, DeviceRegistry, GroupwareBridge, Logger } from '@oxtender/bundle-api';
import type { SelfServiceConfig } from '../config';
import type { ProfileSigner } from '../profile/profile-signer';
import type { LoginLimit } from '../session/login-limit';
import type { PageSessions } from '../session/page-sessions';
import type { SetupLinks } from '../session/setup-links';

/** What the pages are made of. */
export interface PageParts {
  readonly config: SelfServiceConfig;
  readonly clock: Clock;
  readonly log: Logger;
  readonly bridge: GroupwareBridge;
  readonly registry: DeviceRegistry;
  readonly sessions: PageSessions;
  readonly limit: LoginLimit;
  readonly links: SetupLinks;
  readonly signer: ProfileSigner;
}
