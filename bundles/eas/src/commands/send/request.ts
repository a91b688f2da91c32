import { documentOrMime } from '../../protocol/request-body';
import { type Infer, container, dateTime, flag, object, opaque, optional, text } from '../../protocol/schema';
import { ComposeMail, RightsManagement } from '../../wbxml';

const common = {
  clientId: text(ComposeMail.ClientId, { min: 1, max: 40 }),
  accountId: optional(text(ComposeMail.AccountId)),
  saveInSentItems: optional(flag(ComposeMail.SaveInSentItems), false),
  mime: opaque(ComposeMail.Mime),
  templateId: optional(text(RightsManagement.TemplateID)),
};

const source = object({
  folderId: optional(text(ComposeMail.FolderId, { max: 64 })),
  itemId: optional(text(ComposeMail.ItemId, { max: 64 })),
  longId: optional(text(ComposeMail.LongId, { max: 256 })),
  instanceId: optional(dateTime(ComposeMail.InstanceId)),
});

const sendMail = object(common);

const smartMail = object({
  ...common,
  source: container(ComposeMail.Source, source),
  replaceMime: optional(flag(ComposeMail.ReplaceMime), false),
});

/** [MS-ASCMD] "SendMail", request schema; up to 12.1 the body is the mail itself. */
export const sendMailRequest = documentOrMime(sendMail);

/** [MS-ASCMD] "SmartReply", "SmartForward", request schemas. */
export const smartMailRequest = documentOrMime(smartMail);

export type SendMailDocument = Infer<typeof sendMail>;
export type SmartMailDocument = Infer<typeof smartMail>;
