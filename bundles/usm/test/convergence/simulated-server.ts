import type { FolderRef, Item } from '@oxtender/bundle-api';
import type { ItemKind } from './item-kinds';
import type { Ledger } from './ledger';
import type { TestedGroupware } from './tested-groupware';

/** A folder of the groupware with items of one kind. */
export interface ServerFolder {
  readonly kind: ItemKind;
  readonly folderId: string;
}

/** The user's other programs, at work in the groupware itself. */
export class SimulatedServer {
  #made = 0;
  #written = 0;

  constructor(
    private readonly groupware: TestedGroupware,
    private readonly ledger: Ledger,
  ) {}

  async add(folder: ServerFolder, receivedAt: number): Promise<void> {
    const { kind } = folder;
    const tag = `server-${++this.#made}`;
    this.ledger.born(tag, kind);
    if (kind.itemClass === 'Email') await this.groupware.deliver(refOf(folder), { subject: tag, receivedAt });
    else await this.groupware.put(refOf(folder), kind.make(tag, this.#values(kind, tag)));
  }

  async edit(folder: ServerFolder, pick: number, fieldPick: number): Promise<void> {
    const { kind } = folder;
    const found = await this.#pick(folder, pick);
    if (!found) return;
    const field = kind.fields[fieldPick % kind.fields.length] ?? '';
    const value = `s${++this.#written}`;
    const replaced = kind.fromField(field, (found.item as Record<string, unknown>)[field]);
    this.ledger.wrote('server', kind.tagOf(found.item), field, { value, replaced });
    await this.groupware.change(refOf(folder), found.id, { [field]: kind.toField(field, value) });
  }

  async remove(folder: ServerFolder, pick: number): Promise<void> {
    const found = await this.#pick(folder, pick);
    if (!found) return;
    this.ledger.deletedByServer(folder.kind.tagOf(found.item));
    await this.groupware.remove(refOf(folder), found.id);
  }

  items(folder: ServerFolder): Promise<{ id: string; item: Item }[]> {
    return this.groupware.items(refOf(folder));
  }

  #values(kind: ItemKind, tag: string): Record<string, string> {
    const field = kind.fields[0] ?? '';
    const value = `s${++this.#written}`;
    this.ledger.wrote('server', tag, field, { value, replaced: undefined });
    return { [field]: value };
  }

  async #pick(folder: ServerFolder, pick: number): Promise<{ id: string; item: Item } | undefined> {
    const items = await this.items(folder);
    return items[pick % Math.max(items.length, 1)];
  }
}

function refOf({ kind: { itemClass }, folderId: id }: ServerFolder): FolderRef {
  return { id, itemClass };
}
