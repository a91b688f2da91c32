import { printXml } from '@oxtender/eas';
import type { Device, DeviceFolder, Round } from '../device';

/** What the program says: lines for a person, or one JSON document for a program. */
export class Report {
  readonly #facts: Record<string, unknown> = {};

  constructor(
    private readonly isJson: boolean,
    private readonly write: (text: string) => void,
  ) {}

  /** A line, and what it says under a name of its own. A person sees it at once. */
  say(line: string, name: string, value: unknown): void {
    if (this.isJson) this.#facts[name] = value;
    else this.write(`${line}\n`);
  }

  /** As {@link say}, where `name` is a list. */
  add(line: string, name: string, value: unknown): void {
    if (!this.isJson) this.write(`${line}\n`);
    else this.#facts[name] = [...((this.#facts[name] as unknown[] | undefined) ?? []), value];
  }

  /** Writes the document. */
  end(): void {
    if (this.isJson) this.write(`${JSON.stringify(this.#facts, undefined, 2)}\n`);
  }
}

/** One folder's synchronisation. */
export interface SyncedFolder {
  readonly folder: DeviceFolder;
  readonly rounds: readonly Round[];
  readonly milliseconds: number;
}

/** What came of a folder. */
export interface SyncFacts extends DeviceFolder {
  readonly syncKey: string;
  /** Of the last request. */
  readonly status: number;
  readonly items: number;
  readonly requests: number;
  readonly milliseconds: number;
  /** ApplicationData of each item, where that was asked for. */
  readonly contents?: readonly { readonly serverId: string; readonly xml: string }[];
}

export function folderFacts({ serverId, parentId, displayName, type }: DeviceFolder): DeviceFolder {
  return { serverId, parentId, displayName, type };
}

/** @param withItems - also what is in the items */
export function syncFacts(
  device: Device,
  { folder, rounds, milliseconds }: SyncedFolder,
  withItems: boolean,
): SyncFacts {
  const { items, syncKey } = device.collection(folder);
  const contents = [...items].map(([serverId, data]) => ({ serverId, xml: printXml(data) }));
  return {
    ...folderFacts(folder),
    syncKey,
    status: statusOf(rounds),
    items: items.size,
    requests: rounds.length,
    milliseconds,
    ...(withItems ? { contents } : {}),
  };
}

/** Of the last request. */
export function statusOf(rounds: readonly Round[]): number {
  return rounds.at(-1)?.status ?? 0;
}
