import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DisposableStore } from '@oxtender/bundle-api';
import { MariaDbServer, RedisServer } from '@oxtender/bundle-api/testing';
import type { Account } from '@oxtender/eas-device';
import { DataFolder, HostProcess } from '../support/host-process';

/** An OX server in a process of its own, and the hosts that phones talk to. */
export class Installation implements AsyncDisposable {
  readonly #held = new DisposableStore();
  readonly #hosts: { data: string; process: HostProcess }[] = [];
  #ox!: HostProcess;
  #settings: Record<string, string> = {};
  #asked = 0;

  private constructor(
    /** Undefined on SQLite. */
    readonly mariaDb: MariaDbServer | undefined,
    readonly redis: RedisServer | undefined,
    /** A small disk with the database on it; undefined where it cannot be made. */
    readonly disk: SmallDisk | undefined,
  ) {}

  /** One host with its embedded database, on a disk of its own where this user can mount one. */
  static async onSqlite(): Promise<Installation> {
    const disk = SmallDisk.mount();
    const installation = new Installation(undefined, undefined, disk);
    if (disk) installation.#held.add(disk);
    return installation.#start(1, disk ? { 'sqlite.file': join(disk.folder, 'oxtender.sqlite') } : {});
  }

  /** Two hosts on one MariaDB and one Redis; undefined where these are not installed. */
  static async onMariaDb(): Promise<Installation | undefined> {
    const mariaDb = await MariaDbServer.start();
    const redis = await RedisServer.start();
    const installation = new Installation(mariaDb, redis, undefined);
    for (const server of [mariaDb, redis]) if (server) installation.#held.add(server);
    if (!mariaDb || !redis) {
      await installation[Symbol.asyncDispose]();
      return undefined;
    }
    return installation.#start(2, {
      'storage.dialect': 'mysql',
      'mysql.port': String(mariaDb.port),
      'mysql.user': mariaDb.user,
      'mysql.database': mariaDb.createDatabase(),
      'redis.url': redis.url,
    });
  }

  get oxUrl(): string {
    return this.#ox.url;
  }

  get hosts(): readonly HostProcess[] {
    return this.#hosts.map(({ process }) => process);
  }

  /** A user's account; requests go round among the hosts, as behind a load balancer. */
  account(user: string): Account {
    const nextUrl = (): string => this.#hosts[this.#asked++ % this.#hosts.length]!.process.url;
    return {
      user,
      password: 'secret',
      get url() {
        return nextUrl();
      },
    };
  }

  async addUser(login: string): Promise<string> {
    await this.#ox.cli('sandbox:user-add', login, '--password', 'secret');
    return login;
  }

  /** After a kill: the same host again, with the same data. */
  async startAgain(index: number): Promise<void> {
    const host = this.#hosts[index]!;
    host.process = await HostProcess.start(host.data, { seed: 'none', set: this.#settings });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { process } of this.#hosts) await process[Symbol.asyncDispose]();
    await this.#held.dispose();
  }

  async #start(hosts: number, database: Record<string, string>): Promise<this> {
    this.#ox = await HostProcess.start(this.#dataFolder(), {
      seed: 'none',
      set: {
        'ox.sandbox.max_rate': '0',
        'host.disabled': 'oxtender.eas, oxtender.usm, oxtender.ox-bridge, oxtender.selfservice',
      },
    });
    this.#held.add(this.#ox);
    this.#settings = { ...database, 'ox.url': `${this.#ox.url}/ajax`, 'host.disabled': 'oxtender.ox-sandbox' };
    for (let index = 0; index < hosts; index++) {
      const data = this.#dataFolder();
      const process = await HostProcess.start(data, { seed: 'none', set: this.#settings });
      this.#hosts.push({ data, process });
    }
    return this;
  }

  #dataFolder(): string {
    return this.#held.add(new DataFolder()).path;
  }
}

/** A file system of some hundred megabytes in memory. Only root can mount it. */
export class SmallDisk implements Disposable {
  private constructor(readonly folder: string) {}

  static mount(): SmallDisk | undefined {
    const folder = mkdtempSync(join(tmpdir(), 'oxtender-disk-'));
    const isMounted =
      process.getuid?.() === 0 &&
      spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=400m', 'oxtender', folder]).status === 0;
    if (isMounted) return new SmallDisk(folder);
    rmSync(folder, { recursive: true });
    return undefined;
  }

  /** Until not a byte is free. */
  fill(): void {
    for (const size of ['1M', '4096']) {
      const args = ['if=/dev/zero', `of=${this.#filler}`, `bs=${size}`, 'oflag=append', 'conv=notrunc'];
      spawnSync('dd', args, { stdio: 'ignore' });
    }
  }

  empty(): void {
    rmSync(this.#filler, { force: true });
  }

  [Symbol.dispose](): void {
    spawnSync('umount', [this.folder]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  get #filler(): string {
    return join(this.folder, 'filler');
  }
}
