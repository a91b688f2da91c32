import { randomUUID } from 'node:crypto';
import { constants, existsSync, type Stats, statSync } from 'node:fs';
import { lchown, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Invocation } from './program';

/** A file on its way: the operator's, and the one that the host sees. */
interface CarriedFile {
  readonly direction: 'in' | 'out';
  readonly own: string;
  readonly staged: string;
}

/**
 * Files that go between the operator and the host by a folder inside the host's data folder: a hardened host sees no other, and
 * the operator is often root. Names are random, nothing is overwritten and no link is followed, since the folder is the host's.
 */
export class CarriedFiles implements AsyncDisposable {
  private constructor(
    private readonly folder: string,
    private readonly owner: Stats,
    private readonly files: readonly CarriedFile[],
    /** As the host gets them. */
    readonly args: readonly string[],
  ) {}

  /** Undefined when the command carries none. @throws Error when a file cannot be read, or is there already */
  static async prepare({ command, args, dryRun }: Invocation, data: string): Promise<CarriedFiles | undefined> {
    const folder = join(data, `.transfer-${randomUUID()}`);
    const files: CarriedFile[] = [];
    const staged = args.map((own, at) => {
      const direction = command.args[at]?.carried;
      if (direction === undefined) return own;
      if (direction === 'out' && !dryRun && existsSync(own)) throw new Error(`${own} is there already`);
      const file = { direction, own, staged: join(folder, `${randomUUID()}-${basename(own)}`) };
      files.push(file);
      return file.staged;
    });
    if (files.length === 0) return undefined;
    const carried = new CarriedFiles(folder, statSync(data), files, staged);
    try {
      await carried.#fill();
    } catch (error) {
      await carried[Symbol.asyncDispose]();
      throw error;
    }
    return carried;
  }

  /** Puts what the command wrote where the operator wants it. */
  async deliver(): Promise<void> {
    for (const { direction, own, staged } of this.files) {
      if (direction === 'in') continue;
      const part = `${own}.part`;
      await rm(part, { force: true });
      await copy(staged, part);
      await rename(part, own);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  async #fill(): Promise<void> {
    await mkdir(this.folder, { mode: 0o700 });
    for (const { direction, own, staged } of this.files)
      if (direction === 'in') await copy(own, staged, this.#hostOwner);
    if (this.#hostOwner) await lchown(this.folder, this.#hostOwner.uid, this.#hostOwner.gid);
  }

  /** Root gives to the host what the host is to read. */
  get #hostOwner(): Stats | undefined {
    return process.getuid?.() === 0 && this.owner.uid !== 0 ? this.owner : undefined;
  }
}

async function copy(from: string, to: string, owner?: Stats): Promise<void> {
  const source = await open(from, constants.O_RDONLY | constants.O_NOFOLLOW);
  const target = await open(to, 'wx', 0o600);
  if (owner) await target.chown(owner.uid, owner.gid);
  await pipeline(source.createReadStream(), target.createWriteStream({ flush: true }));
}
