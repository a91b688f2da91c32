/**
 * Which generation of server is imitated: 6.x has numeric ids, the old calendar only, and no `examine`; 8.x has the new
 * calendar only, which is what a server of that version may be like.
 */
export type Imitation = '6.x' | '7.10' | '8.x';

/** How the server behaves; the names in brackets are the original's properties. */
export interface OxSandboxOptions {
  readonly imitate: Imitation;
  /** Milliseconds without a request after which a session ends (com.openexchange.sessiond.sessionDefaultLifeTime). */
  readonly sessionLifetime: number;
  /** com.openexchange.sessiond.maxSessionPerUser; 0: no limit. */
  readonly maxSessionsPerUser: number;
  /** com.openexchange.IPCheck: a session belongs to the address that it was opened for. */
  readonly ipCheck: boolean;
  /** com.openexchange.IPCheckWhitelist: clients that the check leaves alone. */
  readonly ipCheckWhitelist: readonly string[];
  /** com.openexchange.servlet.maxRate: requests of one client in a window; 0: no limit. */
  readonly maxRate: number;
  /** com.openexchange.servlet.maxRateTimeWindow, milliseconds. */
  readonly maxRateTimeWindow: number;
  /** Bytes of the largest request body. */
  readonly maxUploadSize: number;
  /** Bytes a mailbox may hold; -1: no limit. */
  readonly mailQuota: number;
  /** com.openexchange.usm.eas.allow_folder_selection: tree 20 exists. */
  readonly allowFolderSelection: boolean;
  /** com.openexchange.pns.transport.websocket.enabled */
  readonly webSocket: boolean;
  /** com.openexchange.pns.delayDuration: milliseconds that events are collected; the original's 1000 are long for one who watches. */
  readonly pushDelay: number;
  /** Targets of webhook subscriptions by id (webhooks.yml). */
  readonly webhooks: Readonly<Record<string, WebhookTarget>>;
  /** SMTP URL for mail to others than the users of this server, for example `smtp://localhost:25`; empty: none. */
  readonly smtpUrl: string;
  /** Lets tests break the server on purpose (`/ajax/sandbox`). Never in an evaluation. */
  readonly knobs: boolean;
}

export interface WebhookTarget {
  readonly uri: string;
  /** Sent as Authorization. */
  readonly secret?: string;
  /** Key of the signature header. */
  readonly signatureSecret?: string;
}

/** The original's defaults where it has them. */
export const defaultOptions: OxSandboxOptions = {
  imitate: '7.10',
  sessionLifetime: 3_600_000,
  maxSessionsPerUser: 100,
  ipCheck: true,
  ipCheckWhitelist: ['open-xchange-mailapp', 'open-xchange-mobile-api-facade'],
  maxRate: 1500,
  maxRateTimeWindow: 300_000,
  maxUploadSize: 104_857_600,
  mailQuota: -1,
  allowFolderSelection: false,
  webSocket: true,
  pushDelay: 200,
  webhooks: {},
  smtpUrl: '',
  knobs: false,
};
