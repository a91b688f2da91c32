import { type Command, type CommandCall, type CommandServices, describeCommand } from '../../protocol/command';
import type { MailBody } from '../../protocol/request-body';
import { ComposeMail } from '../../wbxml';
import { Outbox } from './outbox';
import { type SmartReplyDocument, smartReplyRequest } from './request';
import { sendSmartMail } from './smart-mail';

/** [MS-ASCMD] "SmartReply". */
export class SmartReply implements Command<typeof smartReplyRequest> {
  static readonly descriptor = describeCommand({
    name: 'SmartReply',
    root: ComposeMail.SmartReply,
    request: smartReplyRequest,
  });

  readonly #outbox: Outbox;

  constructor(private readonly services: CommandServices) {
    this.#outbox = new Outbox(services);
  }

  async execute(asked: SmartReplyDocument | MailBody, call: CommandCall): Promise<undefined> {
    const parts = { call, outbox: this.#outbox, now: this.services.clock.now() };
    await sendSmartMail('answered', asked, parts);
    return undefined;
  }
}
