import { splitSource } from '../../mail/source';
import { type Command, type CommandCall, type CommandServices, describeCommand } from '../../protocol/command';
import { MailBody } from '../../protocol/request-body';
import { ComposeMail } from '../../wbxml';
import { Outbox, type OutgoingMail, keyOfBytes, refuseRepeat } from './outbox';
import { type SendMailDocument, sendMailRequest } from './request';
import { checkAsked, checkMail } from './sending-rules';

/** [MS-ASCMD] "SendMail". */
export class SendMail implements Command<typeof sendMailRequest> {
  static readonly descriptor = describeCommand({
    name: 'SendMail',
    root: ComposeMail.SendMail,
    request: sendMailRequest,
  });

  readonly #outbox: Outbox;

  constructor(services: CommandServices) {
    this.#outbox = new Outbox(services);
  }

  async execute(asked: SendMailDocument | MailBody, call: CommandCall): Promise<undefined> {
    const outgoing = await outgoingMail(asked, call);
    refuseRepeat(await this.#outbox.send(outgoing, call), call);
    return undefined;
  }
}

async function outgoingMail(asked: SendMailDocument | MailBody, call: CommandCall): Promise<OutgoingMail> {
  if (asked instanceof MailBody) {
    const saveInSent = call.parameters.saveInSent ?? false;
    return { mail: checkMail(splitSource(asked.bytes)), ...(await keyOfBytes(asked.bytes)), saveInSent };
  }
  checkAsked(asked, call);
  return { mail: checkMail(splitSource(asked.mime)), key: asked.clientId, saveInSent: asked.saveInSentItems };
}
