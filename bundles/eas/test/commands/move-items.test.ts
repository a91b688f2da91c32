import { type ItemMoveResult, SyncError } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { MoveItems } from '../../src/commands/move-items';
import { Move, element } from '../../src/wbxml';
import { ScriptedSession, execute } from './scripted-call';

type Moves = readonly { serverId: string; source?: string; target: string }[];

/** What each move is answered: id, status, new id. */
async function move(list: readonly (readonly [string, string, string])[], onMove: (moves: Moves) => ItemMoveResult[]) {
  const scripted = new ScriptedSession();
  // eslint-disable-next-line @typescript-eslint/require-await -- what it throws is to reject
  scripted.more = { move: async (moves) => onMove(moves) };
  const request = element(
    Move.MoveItems,
    list.map(([id, source, target]) =>
      element(Move.Move, element(Move.SrcMsgId, id), element(Move.SrcFldId, source), element(Move.DstFldId, target)),
    ),
  );
  const answer = await execute(MoveItems, request, scripted);
  return answer?.children.map((response) => response.children.map(({ text }) => text).join(' '));
}

/** [MS-ASCMD] "Status (MoveItems)". */
describe('MoveItems', () => {
  it('answers each outcome with its status', async () => {
    const statuses = ['done', 'not-found', 'bad-target', 'same-folder', 'forbidden', 'failed'] as const;
    const answers = await move(
      statuses.map((_, index) => [`F1:${index}`, 'F1', 'F7']),
      () => statuses.map((status) => (status === 'done' ? { status, serverId: 'F7:1' } : { status })),
    );
    expect(answers).to.deep.equal(['F1:0 3 F7:1', 'F1:1 1', 'F1:2 2', 'F1:3 4', 'F1:4 2', 'F1:5 5']);
  });

  it('says where the device has the item', async () => {
    const asked: Moves[] = [];
    await move([['F1:1', 'F2', 'F7']], (moves) => {
      asked.push(moves);
      return [{ status: 'not-found' }];
    });
    expect(asked).to.deep.equal([[{ serverId: 'F1:1', source: 'F2', target: 'F7' }]]);
  });

  it('moves nothing that is to go to two folders', async () => {
    const answers = await move(
      [
        ['F1:1', 'F1', 'F7'],
        ['F1:2', 'F1', 'F7'],
        ['F1:1', 'F1', 'F8'],
      ],
      (moves) => moves.map(({ serverId }) => ({ status: 'done', serverId: `new ${serverId}` })),
    );
    expect(answers).to.deep.equal(['F1:1 5', 'F1:2 3 new F1:2', 'F1:1 5']);
  });

  it('answers 7 while another request works on the folder', async () => {
    const answers = await move([['F1:1', 'F1', 'F7']], () => {
      throw new SyncError('COLLECTION_BUSY', 'busy');
    });
    expect(answers).to.deep.equal(['F1:1 7']);
  });
});
