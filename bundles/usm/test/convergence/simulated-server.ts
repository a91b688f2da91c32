import type { Item } from '@oxtender/bundle-api';
import type { MemoryAccount } from '@oxtender/bundle-api/testing';
import type { ItemKind } from './item-kinds';
import type { Ledger } from './ledger';

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
    private readonly account: MemoryAccount,
    private readonly ledger: Ledger,
  ) {}

  async add({ kind, folderId }: ServerFolder, receivedAt: number): Promise<void> {
    const tag = `server-${++this.#made}`;
    this.ledger.born(tag, kind);
    if (kind.itemClass === 'Email') await this.account.deliver({ subject: tag, read: false, receivedAt }, folderId);
    else this.account.put(folderId, kind.make(tag, this.#values(kind, tag)));
  }

  edit(folder: ServerFolder, pick: number, fieldPick: number): void {
    const { kind, folderId } = folder;
    const found = this.#pick(folder, pick);
    if (!found) return;
    const field = kind.fields[fieldPick % kind.fields.length] ?? '';
    const value = `s${++this.#written}`;
    const replaced = kind.fromField(field, (found.item as Record<string, unknown>)[field]);
    this.ledger.wrote('server', kind.tagOf(found.item), field, { value, replaced });
    this.account.change(folderId, found.id, { [field]: kind.toField(field, value) });
  }

  remove(folder: ServerFolder, pick: number): void {
    const found = this.#pick(folder, pick);
    if (!found) return;
    this.ledger.deletedByServer(folder.kind.tagOf(found.item));
    this.account.remove(folder.folderId, found.id);
  }

  items({ folderId }: ServerFolder): { id: string; item: Item }[] {
    return this.account.items(folderId);
  }

  #values(kind: ItemKind, tag: string): Record<string, string> {
    const field = kind.fields[0] ?? '';
    const value = `s${++this.#written}`;
    this.ledger.wrote('server', tag, field, { value, replaced: undefined });
    return { [field]: value };
  }

  #pick(folder: ServerFolder, pick: number): { id: string; item: Item } | undefined {
    const items = this.items(folder);
    return items[pick % Math.max(items.length, 1)];
  }
}
