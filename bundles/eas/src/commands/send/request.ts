import { documentOrMime } from '../../protocol/request-body';
import { type Infer, container, flag, object, optional, stored, text, tree, value } from '../../protocol/schema';
import { parseDateTime } from '../../values/date-time';
import { AirSyncBase, ComposeMail, RightsManagement } from '../../wbxml';

const common = {
  clientId: text(ComposeMail.ClientId, { min: 1, max: 40 }),
  accountId: optional(text(ComposeMail.AccountId)),
  templateId: optional(text(RightsManagement.TemplateID)),
};

const source = object({
  folderId: optional(text(ComposeMail.FolderId, { max: 64 })),
  itemId: optional(text(ComposeMail.ItemId, { max: 64 })),
  longId: optional(text(ComposeMail.LongId, { max: 256 })),
  instanceId: optional(value(ComposeMail.InstanceId, parseDateTime, 'INVALID_DATE')),
});

const sendMail = object({
  ...common,
  saveInSentItems: optional(flag(ComposeMail.SaveInSentItems), false),
  mime: stored(ComposeMail.Mime),
});

const smartMail = {
  ...common,
  source: container(ComposeMail.Source, source),
  replaceMime: optional(flag(ComposeMail.ReplaceMime)),
  saveInSentItems: optional(flag(ComposeMail.SaveInSentItems)),
};

const smartReply = object({ ...smartMail, mime: stored(ComposeMail.Mime) });

/** From 16.0 an event is forwarded by the people and a text; else by a mail. [MS-ASCMD] "Forwardees". */
const smartForward = object({
  ...smartMail,
  mime: optional(stored(ComposeMail.Mime)),
  forwardees: optional(tree(ComposeMail.Forwardees)),
  body: optional(tree(AirSyncBase.Body)),
});

/** [MS-ASCMD] "SendMail", request schema; up to 12.1 the body is the mail itself. */
export const sendMailRequest = documentOrMime(sendMail);

/** [MS-ASCMD] "SmartReply", "SmartForward", request schemas. */
export const smartReplyRequest = documentOrMime(smartReply);
export const smartForwardRequest = documentOrMime(smartForward);

export type SendMailDocument = Infer<typeof sendMail>;
export type SmartReplyDocument = Infer<typeof smartReply>;
export type SmartForwardDocument = Infer<typeof smartForward>;
export type SourceElement = Infer<typeof source>;
