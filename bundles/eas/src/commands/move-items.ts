import { type ItemMoveResult, isOxtenderError } from '@oxtender/bundle-api';
import { type Command, type CommandCall, describeCommand } from '../protocol/command';
import { type Infer, many, object, text } from '../protocol/schema';
import { type Element, Move, element } from '../wbxml';

/** [MS-ASCMD] "Status (MoveItems)": here 3 is success, where most commands use 1. */
const Status = { InvalidSource: 1, InvalidDestination: 2, Success: 3, SameFolder: 4, Failed: 5, Locked: 7 } as const;

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
    const torn = itemsOfSeveralTargets(moves);
    const whole = moves.filter(({ srcMsgId }) => !torn.has(srcMsgId));
    const results = new Map(await moveAll(whole, call));
    return element(
      Move.MoveItems,
      moves.map((move) => {
        const { status, serverId } = results.get(move) ?? { status: Status.Failed };
        return element(
          Move.Response,
          element(Move.SrcMsgId, move.srcMsgId),
          element(Move.Status, status),
          serverId === undefined ? undefined : element(Move.DstMsgId, serverId),
        );
      }),
    );
  }
}

type MoveRequest = Infer<typeof request>[number];
type Outcome = readonly [MoveRequest, { readonly status: number; readonly serverId?: string }];

async function moveAll(moves: readonly MoveRequest[], { session, signal }: CommandCall): Promise<Outcome[]> {
  try {
    const results = await session.move(
      moves.map(({ srcMsgId, srcFldId, dstFldId }) => ({ serverId: srcMsgId, source: srcFldId, target: dstFldId })),
      { signal },
    );
    return moves.map((move, index) => [move, outcomeOf(results[index] ?? { status: 'failed' })]);
  } catch (error) {
    // What was moved before that is told again when the device asks again.
    if (!isOxtenderError(error, 'COLLECTION_BUSY')) throw error;
    return moves.map((move) => [move, { status: Status.Locked }]);
  }
}

function outcomeOf(result: ItemMoveResult): Outcome[1] {
  return { status: statusOfResult[result.status], ...(result.status === 'done' && { serverId: result.serverId }) };
}

/** Items that are to go to more than one folder: to none of them, then. [MS-ASCMD] "Status (MoveItems)". */
function itemsOfSeveralTargets(moves: readonly MoveRequest[]): Set<string> {
  const targets = new Map<string, string>();
  const torn = new Set<string>();
  for (const { srcMsgId, dstFldId } of moves) {
    if ((targets.get(srcMsgId) ?? dstFldId) !== dstFldId) torn.add(srcMsgId);
    targets.set(srcMsgId, dstFldId);
  }
  return torn;
}
