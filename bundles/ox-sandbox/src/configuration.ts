import type { OxSandboxOptions } from './options';

/** The properties of the PID `ox-sandbox`, as package.json declares them: every default is in there. */
export interface SandboxConfiguration {
  readonly 'ox.sandbox.seed': 'demo' | 'none';
  readonly 'ox.sandbox.prefix': string;
  readonly 'ox.sandbox.imitate': '6.x' | '7.10' | '8.x';
  readonly 'ox.sandbox.session.lifetime': number;
  readonly 'ox.sandbox.session.max_per_user': number;
  readonly 'ox.sandbox.ip_check': boolean;
  readonly 'ox.sandbox.ip_check.whitelist': readonly string[];
  readonly 'ox.sandbox.max_rate': number;
  readonly 'ox.sandbox.max_rate.window': number;
  readonly 'ox.sandbox.max_upload_size': number;
  readonly 'ox.sandbox.mail.quota': number;
  readonly 'ox.sandbox.eas.allow_folder_selection': boolean;
  readonly 'ox.sandbox.websocket': boolean;
  readonly 'ox.sandbox.push.delay': number;
  readonly 'ox.sandbox.webhook.uri': string;
  readonly 'ox.sandbox.webhook.secret': string;
  readonly 'ox.sandbox.webhook.signature_secret': string;
  readonly 'ox.sandbox.smtp.url': string;
  readonly 'ox.sandbox.knobs': boolean;
}

export function readOptions(configuration: SandboxConfiguration): OxSandboxOptions {
  const uri = configuration['ox.sandbox.webhook.uri'];
  const webhook = {
    uri,
    secret: configuration['ox.sandbox.webhook.secret'],
    signatureSecret: configuration['ox.sandbox.webhook.signature_secret'],
  };
  return {
    imitate: configuration['ox.sandbox.imitate'],
    sessionLifetime: configuration['ox.sandbox.session.lifetime'],
    maxSessionsPerUser: configuration['ox.sandbox.session.max_per_user'],
    ipCheck: configuration['ox.sandbox.ip_check'],
    ipCheckWhitelist: configuration['ox.sandbox.ip_check.whitelist'],
    maxRate: configuration['ox.sandbox.max_rate'],
    maxRateTimeWindow: configuration['ox.sandbox.max_rate.window'],
    maxUploadSize: configuration['ox.sandbox.max_upload_size'],
    mailQuota: configuration['ox.sandbox.mail.quota'],
    allowFolderSelection: configuration['ox.sandbox.eas.allow_folder_selection'],
    webSocket: configuration['ox.sandbox.websocket'],
    pushDelay: configuration['ox.sandbox.push.delay'],
    webhooks: uri === '' ? {} : { default: webhook },
    smtpUrl: configuration['ox.sandbox.smtp.url'],
    knobs: configuration['ox.sandbox.knobs'],
  };
}
