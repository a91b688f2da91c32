import { expect } from 'chai';
import type { MalformedRequestCode } from '../../src/protocol/malformed-request';
import { MalformedRequest } from '../../src/protocol/malformed-request';
import {
  type Infer,
  choice,
  container,
  dateTime,
  flag,
  integer,
  many,
  object,
  oneOf,
  opaque,
  optional,
  readDocument,
  text,
  tree,
} from '../../src/protocol/schema';
import type { Element } from '../../src/wbxml';
import {
  AirSync,
  AirSyncBase,
  ComposeMail,
  Contacts,
  element,
  encode,
  ItemOperations,
  Move,
  Search,
  WbxmlError,
} from '../../src/wbxml';

const moves = many(
  Move.Move,
  object({ srcMsgId: text(Move.SrcMsgId), srcFldId: text(Move.SrcFldId), dstFldId: text(Move.DstFldId) }),
  { min: 1, max: 2 },
);

const collection = object(
  {
    syncKey: text(AirSync.SyncKey, { min: 1, max: 64 }),
    collectionId: text(AirSync.CollectionId),
    getChanges: optional(flag(AirSync.GetChanges), true),
    windowSize: optional(integer(AirSync.WindowSize, { max: 512 })),
    commands: optional(
      container(
        AirSync.Commands,
        many(
          choice({
            add: container(
              AirSync.Add,
              object({ clientId: text(AirSync.ClientId), data: tree(AirSync.ApplicationData) }),
            ),
            delete: container(AirSync.Delete, object({ serverId: text(AirSync.ServerId) })),
          }),
        ),
      ),
      [],
    ),
  },
  { order: 'strict' },
);
const sync = object({ collections: container(AirSync.Collections, many(AirSync.Collection, collection)) });

// The inferred type is what the handler sees.
type Collection = Infer<typeof collection>;
const typed: Collection = {
  syncKey: '0',
  collectionId: '1',
  getChanges: true,
  windowSize: undefined,
  commands: [{ kind: 'delete', value: { serverId: '1:1' } }],
};
const [command] = typed.commands;
// @ts-expect-error of a delete there is only the server id
if (command?.kind === 'delete') expect(command.value.clientId).to.equal(undefined);

const move = (...children: Element[]) => element(Move.Move, children);
const [src, folder, dst] = [
  element(Move.SrcMsgId, 'a:1'),
  element(Move.SrcFldId, 'a'),
  element(Move.DstFldId, 'b'),
] as const;

function fault(read: () => unknown): { code: MalformedRequestCode; path: string } {
  try {
    read();
  } catch (error) {
    if (error instanceof MalformedRequest) return { code: error.code, path: error.path };
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('schema', () => {
  const readMoves = (...children: Element[]) =>
    readDocument(encode(element(Move.MoveItems, children)), Move.MoveItems, moves);

  it('reads a list that is the whole request', () => {
    expect(readMoves(move(src, folder, dst), move(dst, src, folder))).to.deep.equal([
      { srcMsgId: 'a:1', srcFldId: 'a', dstFldId: 'b' },
      { srcMsgId: 'a:1', srcFldId: 'a', dstFldId: 'b' },
    ]);
  });

  it('names the place of what is missing, too much, repeated or strange', () => {
    expect(fault(() => readMoves())).to.deep.equal({ code: 'MISSING_ELEMENT', path: 'MoveItems/Move' });
    expect(fault(() => readMoves(move(src, folder)))).to.deep.equal({
      code: 'MISSING_ELEMENT',
      path: 'MoveItems/Move/DstFldId',
    });
    const whole = move(src, folder, dst);
    expect(fault(() => readMoves(whole, whole, whole))).to.deep.equal({
      code: 'TOO_MANY_ELEMENTS',
      path: 'MoveItems/Move',
    });
    expect(fault(() => readMoves(move(src, src)))).to.deep.equal({
      code: 'REPEATED_ELEMENT',
      path: 'MoveItems/Move/SrcMsgId',
    });
    expect(fault(() => readMoves(move(element(Move.Status, 1))))).to.deep.equal({
      code: 'UNEXPECTED_ELEMENT',
      path: 'MoveItems/Move/Status',
    });
    expect(fault(() => readMoves(element(Move.Move, 'text')))).to.deep.equal({
      code: 'UNEXPECTED_CONTENT',
      path: 'MoveItems/Move',
    });
    expect(fault(() => readMoves(move(element(Move.SrcMsgId, src))))).to.include({ code: 'UNEXPECTED_CONTENT' });
    const other = encode(element(Move.Response));
    expect(fault(() => readDocument(other, Move.MoveItems, moves))).to.deep.equal({
      code: 'UNEXPECTED_ELEMENT',
      path: 'Response',
    });
  });

  it('leaves errors of the bytes to the decoder', () => {
    expect(() => readDocument(Buffer.from('GET /'), Move.MoveItems, moves)).to.throw(WbxmlError);
  });

  it('reads a Sync with its commands in document order and ApplicationData untouched', () => {
    const data = element(AirSync.ApplicationData, element(Contacts.FirstName, 'Anna'));
    const request = element(
      AirSync.Sync,
      element(
        AirSync.Collections,
        element(
          AirSync.Collection,
          element(AirSync.SyncKey, '1'),
          element(AirSync.CollectionId, 'a'),
          element(AirSync.GetChanges),
          element(
            AirSync.Commands,
            element(AirSync.Delete, element(AirSync.ServerId, 'a:1')),
            element(AirSync.Add, element(AirSync.ClientId, 'c1'), data),
            element(AirSync.Delete, element(AirSync.ServerId, 'a:2')),
          ),
        ),
      ),
    );
    expect(readDocument(encode(request), AirSync.Sync, sync)).to.deep.equal({
      collections: [
        {
          syncKey: '1',
          collectionId: 'a',
          getChanges: true,
          windowSize: undefined,
          commands: [
            { kind: 'delete', value: { serverId: 'a:1' } },
            { kind: 'add', value: { clientId: 'c1', data } },
            { kind: 'delete', value: { serverId: 'a:2' } },
          ],
        },
      ],
    });
  });

  it('minds the order only where it is told to', () => {
    const inOrder = [element(AirSync.SyncKey, '1'), element(AirSync.CollectionId, 'a')];
    const read = (children: Element[]) =>
      readDocument(encode(element(AirSync.Collection, children)), AirSync.Collection, collection);
    expect(read(inOrder)).to.include({ collectionId: 'a' });
    expect(fault(() => read(inOrder.reverse()))).to.deep.equal({ code: 'WRONG_ORDER', path: 'Collection/SyncKey' });
  });

  it('checks values', () => {
    const shape = object(
      {
        range: optional(text(ItemOperations.Range, { max: 3 })),
        wait: optional(integer(AirSync.Wait, { min: 1, max: 59 })),
        partial: optional(flag(AirSync.Partial), false),
        store: optional(oneOf(Search.Name, ['Mailbox', 'GAL'])),
        filter: optional(oneOf(AirSync.FilterType, [0, 1, 2])),
        start: optional(dateTime(AirSyncBase.InstanceId)),
        mime: optional(opaque(ComposeMail.Mime)),
      },
      { unknown: 'skip' },
    );
    const read = (child: Element) => readDocument(encode(element(AirSync.Sync, child)), AirSync.Sync, shape);
    expect(read(element(AirSync.Wait, ' 59 ')).wait).to.equal(59);
    expect(read(element(AirSync.Partial)).partial).to.equal(true);
    expect(read(element(AirSync.Partial, 0)).partial).to.equal(false);
    expect(read(element(Search.Name, 'GAL')).store).to.equal('GAL');
    expect(read(element(AirSync.FilterType, 2)).filter).to.equal(2);
    expect(read(element(AirSyncBase.InstanceId, '20261122T080000Z')).start).to.equal(Date.UTC(2026, 10, 22, 8));
    expect(read(element(ComposeMail.Mime, Buffer.from([1, 2]))).mime).to.deep.equal(Buffer.from([1, 2]));
    expect(read(element(ComposeMail.Mime, 'ü')).mime).to.deep.equal(Buffer.from('ü'));
    expect(read(element(AirSync.Collections, element(AirSync.Collection))).partial).to.equal(false);

    const invalid: [Element, MalformedRequestCode][] = [
      [element(ItemOperations.Range, 'long'), 'INVALID_VALUE'],
      [element(AirSync.Wait, 60), 'INVALID_VALUE'],
      [element(AirSync.Wait, ''), 'INVALID_VALUE'],
      [element(AirSync.Wait, '1e1'), 'INVALID_VALUE'],
      [element(AirSync.Partial, 'yes'), 'INVALID_VALUE'],
      [element(Search.Name, 'gal'), 'INVALID_VALUE'],
      [element(AirSync.FilterType, 3), 'INVALID_VALUE'],
      [element(AirSyncBase.InstanceId, '20260231T080000Z'), 'INVALID_DATE'],
    ];
    for (const [child, code] of invalid) {
      expect(fault(() => read(child))).to.deep.equal({ code, path: `Sync/${child.tag.name}` });
    }
  });
});
