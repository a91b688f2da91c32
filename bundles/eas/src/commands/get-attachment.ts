import { type Answer, type Command, type CommandCall, describeCommand } from '../protocol/command';
import { Refused } from '../protocol/refused';
import { noBody } from '../protocol/request-body';
import { openAttachment } from './item-operations/fetch-attachment';

/** [MS-ASCMD] "GetAttachment": the bytes, with the attachment's own type. Up to 12.1. */
export class GetAttachment implements Command<typeof noBody> {
  static readonly descriptor = describeCommand({ name: 'GetAttachment', request: noBody, until: '12.1' });

  async execute(_request: undefined, call: CommandCall): Promise<Answer> {
    const attachment = await openAttachment(call.parameters.attachmentName ?? '', call);
    if (!attachment) throw new Refused('ITEM_NOT_FOUND', 'no such attachment');
    // Taken whole before the first byte goes out: what breaks off at the groupware would be half a file with status 200.
    return { contentType: attachment.info.contentType, body: await call.contents.store(attachment.content) };
  }
}
