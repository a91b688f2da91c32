import { type ByteStream, isOxtenderError, type Item, type Message, type ServerId } from '@oxtender/bundle-api';
import type { CommandCall } from '../../protocol/command';
import { LargeValue, type StoredBytes } from '../../wbxml';
import { cutCharacter } from '../../values/utf8';
import type { ItemContext } from '../item-context';
import { longestSource, sourceLimit, takesMime } from './source-limits';

/** A source that is too large to be read with its mail. */
export interface LargeSource {
  readonly value: LargeValue;
  /** The device gets not all of it. */
  readonly truncated: boolean;
}

/** A context in which mails whose source was too large to come along have it. */
export async function withLargeSources(
  mails: readonly { readonly serverId: ServerId; readonly item: Item }[],
  context: ItemContext,
  call: CommandCall,
): Promise<ItemContext> {
  const limit = (context.itemClass === 'Email' && sourceLimit(context)) || 0;
  if (limit <= longestSource) return context;
  const largeSources = new Map<ServerId, LargeSource>();
  for (const { serverId, item } of mails) {
    const message = item as Message;
    if (message.source?.length !== longestSource || !takesMime(message, context)) continue;
    const source = await readLarge(serverId, limit, call);
    if (source) largeSources.set(serverId, source);
  }
  return largeSources.size === 0 ? context : { ...context, largeSources };
}

/** Undefined for a mail that is gone by now: what was read of it stands. */
async function readLarge(serverId: ServerId, limit: number, call: CommandCall): Promise<LargeSource | undefined> {
  const { contents, session, signal } = call;
  const place = await session.locate(serverId);
  if (!place) return undefined;
  try {
    const source = await session.groupware.mail?.readSource(place.folder, place.itemId, { signal });
    if (!source) return undefined;
    const stored = await contents.store(firstBytes(source, limit + 1));
    return { value: await largeValue(stored, limit), truncated: stored.length > limit };
  } catch (error) {
    if (isOxtenderError(error, 'NOT_FOUND')) return undefined;
    throw error;
  }
}

async function* firstBytes(source: ByteStream, limit: number): AsyncGenerator<Uint8Array> {
  let left = limit;
  for await (const piece of source) {
    yield piece.subarray(0, left);
    left -= piece.length;
    if (left <= 0) return;
  }
}

/** Text, as all devices expect it; bytes where text would not bring every byte over. */
async function largeValue(stored: StoredBytes, limit: number): Promise<LargeValue> {
  const cut = stored.slice(0, limit);
  const complete = cut.slice(0, cut.length - cutCharacter(cut.slice(cut.length - 3).read()));
  return (await isText(complete)) ? new LargeValue(complete, 'text') : new LargeValue(cut, 'bytes');
}

async function isText(bytes: StoredBytes): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const piece of bytes.stream()) {
    if (piece.some((byte) => byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13)) return false;
    try {
      decoder.decode(piece, { stream: true });
    } catch (error) {
      if (error instanceof TypeError) return false;
      throw error;
    }
  }
  return true;
}
