/**
 * Settings of the bundle, as `eas.properties` names them; described, with defaults and limits, by the JSON Schema in
 * package.json. Names are the original's where it had one.
 */
export interface EasConfig {
  /** Path of the endpoint. */
  readonly 'com.openexchange.usm.eas.alias': string;
  /** How `DOMAIN\user` becomes a login name. */
  readonly 'com.openexchange.usm.eas.login_pattern.domain_user': string;
  /** Days; mails older than that never go to a phone, whatever it asks for. 0: no limit. */
  readonly 'com.openexchange.usm.eas.mail.time_limit': number;
  /** Seconds. */
  readonly 'com.openexchange.usm.eas.ping.min_heartbeat': number;
  readonly 'com.openexchange.usm.eas.ping.max_heartbeat': number;
  /** What new mails say about meetings goes into the calendar. False: the groupware or its users do that. */
  readonly 'com.openexchange.usm.eas.meetings.process_mails': boolean;
  /** Most folders in one Ping, and collections in one Sync. */
  readonly 'com.openexchange.usm.eas.max_collections': number;
  /** Most folders of a device; 0: as many as there are. */
  readonly 'com.openexchange.usm.eas.max_folders': number;
  /** Bytes of a request's body. */
  readonly 'com.openexchange.usm.eas.max_request_size': number;
  /** Most requests of a device in a minute; 0: as many as it likes. */
  readonly 'com.openexchange.usm.eas.throttle.requests_per_minute': number;
  /** The same request that failed so often within a minute is refused until the minute is over; 0: never. */
  readonly 'com.openexchange.usm.eas.throttle.repeated_failures': number;
  /** `type`, `type@user agent`, each with `>=version`; `*` stands for any text. Others are blocked; none: all are allowed. */
  readonly 'com.openexchange.usm.eas.devices.allowed': readonly string[];
  /** Devices must apply a policy before they synchronise. False: none is offered, phones ask for no administrator rights. */
  readonly 'com.openexchange.usm.eas.policy.required': boolean;
  /** `Element=value` of [MS-ASPROV] "Policies", for example `DevicePasswordEnabled=1`; others have their defaults. */
  readonly 'com.openexchange.usm.eas.policy.settings': readonly string[];
  /**
   * `login pattern:Element=value`: settings for some users, `*` stands for any text; `login pattern:none`: no policy for
   * them. The last match wins.
   */
  readonly 'com.openexchange.usm.eas.policy.users': readonly string[];
  /** Patterns of device types that get no policy, because they cannot apply one. */
  readonly 'com.openexchange.usm.eas.policy.exempt_devices': readonly string[];
  /** Devices that say that they apply the policy in part, not at all, or that somebody else manages them, are let in. */
  readonly 'com.openexchange.usm.eas.policy.allow_partial': boolean;
  /** `login pattern=URL`: users who live on another server get 451. */
  readonly 'com.openexchange.usm.eas.redirect': readonly string[];
  /** Address by which devices reach this server, for example `https://mail.example.com`. Empty: as the request came. */
  readonly 'com.openexchange.usm.eas.autodiscover.url': string;
  /** `domain=https://other.example` or `domain=@other.example`: where the users of a domain are to ask. */
  readonly 'com.openexchange.usm.eas.autodiscover.redirect': readonly string[];
  /** Page where users change a password that expired; devices that look for their server are told of it. Empty: none. */
  readonly 'com.openexchange.usm.eas.autodiscover.credential_url': string;
  /** Folder with certificates of people, PEM or DER, each file named by a mail address. Empty: none. */
  readonly 'com.openexchange.usm.eas.certificates.people': string;
  /** Files with certificates, PEM or DER, of authorities that are trusted beside those that Node.js brings along. */
  readonly 'com.openexchange.usm.eas.certificates.authorities': readonly string[];
  /** Files with revocation lists, PEM or DER, for devices that ask whether a certificate was revoked. */
  readonly 'com.openexchange.usm.eas.certificates.revocation_lists': readonly string[];
  /** Writes requests and answers as readable XML, without bodies and credentials, at level debug. */
  readonly 'com.openexchange.usm.eas.wire_log': boolean;
}
