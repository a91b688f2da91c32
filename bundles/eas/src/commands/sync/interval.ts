import type { EasConfig } from '../../config';
import type { SyncRequest } from './request';

/** How long a Sync waits. `limit`: out of range, with the nearest value allowed. */
export type WaitTime =
  | { readonly kind: 'none' }
  | { readonly kind: 'wait'; readonly milliseconds: number }
  | { readonly kind: 'limit'; readonly limit: number }
  | { readonly kind: 'both' };

/** Wait is in minutes, HeartbeatInterval in seconds; never both. [MS-ASCMD] "Wait", "HeartbeatInterval (Sync)". */
export function waitTime({ wait, heartbeatInterval }: SyncRequest, config: EasConfig): WaitTime {
  if (wait !== undefined && heartbeatInterval !== undefined) return { kind: 'both' };
  const asked = wait ?? heartbeatInterval;
  if (asked === undefined) return { kind: 'none' };
  const unit = wait === undefined ? 1 : 60;
  const least = Math.ceil(config['com.openexchange.usm.eas.ping.min_heartbeat'] / unit);
  const most = Math.floor(config['com.openexchange.usm.eas.ping.max_heartbeat'] / unit);
  const limit = Math.min(Math.max(asked, least), most);
  return limit === asked ? { kind: 'wait', milliseconds: asked * unit * 1000 } : { kind: 'limit', limit };
}
