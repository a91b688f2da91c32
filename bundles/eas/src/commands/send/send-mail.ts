import { splitSource } from '../../mail/source';
import { type Command, type CommandCall, type CommandServices, describeCommand } from '../../protocol/command';
import { ComposeMail } from '../../wbxml';
import { Outbox, digestOf, refuseRepeat } from './outbox';
import { type SendMailDocument, sendMailRequest } from './request';

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

  async execute(asked: SendMailDocument | Uint8Array, call: CommandCall): Promise<undefined> {
    const outgoing =
      asked instanceof Uint8Array
        ? { mail: splitSource(asked), key: digestOf(asked), saveInSent: call.parameters.saveInSent ?? false }
        : { mail: splitSource(asked.mime), key: asked.clientId, saveInSent: asked.saveInSentItems };
    refuseRepeat(await this.#outbox.send(outgoing, call), call);
    return undefined;
  }
}
