import type { MailSource } from '../../mail/source';
import type { CommandCall } from '../../protocol/command';
import { Refused } from '../../protocol/refused';
import { isAtLeast } from '../../protocol/versions';

/** Says that a mail has no protection. [MS-ASRM] "TemplateID". */
const noTemplate = /^[{]?0{8}-(?:0{4}-){3}0{12}[}]?$/;

/** What every form of sending has beside the mail. */
interface Asked {
  readonly accountId?: string | undefined;
  readonly templateId?: string | undefined;
}

/** There is one account, which has no AccountId; and no rights management. @throws Refused */
export function checkAsked({ accountId = '', templateId = '' }: Asked, { version }: CommandCall): void {
  if (accountId !== '' && isAtLeast(version, '14.1'))
    throw new Refused('INVALID_ACCOUNT_ID', 'there is no such account to send from');
  if (templateId !== '' && !noTemplate.test(templateId))
    throw new Refused('IRM_FEATURE_DISABLED', 'there is no rights management');
}

/** @throws Refused INVALID_MIME for what has no header */
export function checkMail(mail: MailSource): MailSource {
  const fields = mail.headers.getList().filter(({ key }) => /^[\x21-\x39\x3b-\x7e]+$/.test(key));
  if (fields.length === 0) throw new Refused('INVALID_MIME', 'the mail has no header');
  return mail;
}
