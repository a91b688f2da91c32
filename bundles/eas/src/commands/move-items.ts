import type { ItemMoveResult } from '@oxtender/bundle-api';
import { type Command, type CommandCall, describeCommand } from '../protocol/command';
import { type Infer, many, object, text } from '../protocol/schema';
import { type Element, Move, element } from '../wbxml';

/** [MS-ASCMD] "Status (MoveItems)": here 3 is success, where most commands use 1. */
const Status = { InvalidSource: 1, InvalidDestination: 2, Success: 3, SameFolder: 4, Failed: 5 } as const;

const statusOfResult: Record<ItemMoveResult['status'], number> = {
  done: Status.Success,
  'not-found': Status.InvalidSource,
  'bad-target': Status.InvalidDestination,
  'same-folder': Status.SameFolder,
  forbidden: Status.InvalidDestination,
  failed: Status.Failed,
};

/** [MS-ASCMD] "MoveItems", request schema; the limit: "Limiting Size of Command Requests". */
const request = many(
  Move.Move,
  object({
    srcMsgId: text(Move.SrcMsgId, { min: 1, max: 64 }),
    srcFldId: text(Move.SrcFldId, { min: 1, max: 64 }),
    dstFldId: text(Move.DstFldId, { min: 1, max: 64 }),
  }),
  { min: 1, max: 1000 },
);

/** [MS-ASCMD] "MoveItems". */
export class MoveItems implements Command<typeof request> {
  static readonly descriptor = describeCommand({ name: 'MoveItems', root: Move.MoveItems, request });

  async execute(moves: Infer<typeof request>, call: CommandCall): Promise<Element> {
    const results = await call.session.move(
      moves.map(({ srcMsgId, dstFldId }) => ({ serverId: srcMsgId, target: dstFldId })),
      { signal: call.signal },
    );
    return element(
      Move.MoveItems,
      moves.map(({ srcMsgId }, index) => {
        const result = results[index] ?? { status: 'failed' as const };
        return element(
          Move.Response,
          element(Move.SrcMsgId, srcMsgId),
          element(Move.Status, statusOfResult[result.status]),
          result.status === 'done' ? element(Move.DstMsgId, result.serverId) : undefined,
        );
      }),
    );
  }
}
