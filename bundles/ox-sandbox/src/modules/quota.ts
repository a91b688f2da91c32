import type { Call } from './call';
import type { Module } from './module';

interface Quota {
  readonly quota: number;
  readonly use: number;
}

/** OX HTTP API, "Module quota": bytes, -1 without a limit. */
export const quota: Module = {
  mail: (call) => ({ data: mailQuota(call) }),
  filestore: () => ({ data: fileQuota }),
  get: (call) => {
    const { quota: limit, use } = mailQuota(call);
    const mail = { display_name: 'E-Mail', accounts: [{ account_id: '0', account_name: 'E-Mail', quota: limit, use }] };
    return { data: call.text('module') === 'mail' ? mail.accounts : { mail } };
  },
};

const fileQuota: Quota = { quota: 0, use: 0 };

function mailQuota({ server, context, user }: Call): Quota {
  return { quota: server.options.mailQuota, use: context.mails.used(user.id) };
}
