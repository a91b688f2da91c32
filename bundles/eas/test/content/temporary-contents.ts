import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '@oxtender/bundle-api';
import { ContentStore } from '../../src/content/contents';

const silent = new Proxy({} as Logger, { get: () => () => undefined });

/** Large contents in a folder of the test's own; removed when disposed. */
export class TemporaryContents implements Disposable {
  private constructor(
    readonly folder: string,
    readonly store: ContentStore,
  ) {}

  static async create(log: Logger = silent): Promise<TemporaryContents> {
    const folder = mkdtempSync(join(tmpdir(), 'oxtender-contents-'));
    return new TemporaryContents(folder, await ContentStore.open(join(folder, 'tmp'), log));
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
