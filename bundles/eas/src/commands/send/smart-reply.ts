import { type Command, type CommandCall, type CommandServices, describeCommand } from '../../protocol/command';
import { ComposeMail } from '../../wbxml';
import { Outbox } from './outbox';
import { type SmartMailDocument, smartMailRequest } from './request';
import { sendSmartMail } from './smart-mail';

/** [MS-ASCMD] "SmartReply". */
export class SmartReply implements Command<typeof smartMailRequest> {
  static readonly descriptor = describeCommand({
    name: 'SmartReply',
    root: ComposeMail.SmartReply,
    request: smartMailRequest,
  });

  readonly #outbox: Outbox;

  constructor(services: CommandServices) {
    this.#outbox = new Outbox(services);
  }

  async execute(asked: SmartMailDocument | Uint8Array, call: CommandCall): Promise<undefined> {
    await sendSmartMail('answered', asked, call, this.#outbox);
    return undefined;
  }
}
