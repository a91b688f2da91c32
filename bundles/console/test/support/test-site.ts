import type { LogEntry, Logger, LogReader } from '@oxtender/bundle-api';
import { FakeClock } from '@oxtender/bundle-api/testing';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConsoleConfig } from '../../src/config';
import { ConsoleSite } from '../../src/console-site';
import { Changes } from '../../src/live/changes';
import { Sampler } from '../../src/live/sampler';
import type { Role } from '../../src/session/sessions';
import { NotedCommands } from './noted-commands';

interface Manifest {
  readonly bundle: { readonly configuration: { readonly console: { readonly properties: Record<string, Key> } } };
}
interface Key {
  readonly default: unknown;
}

/** What counts when nobody says anything. */
export function defaultConfig(given: Partial<ConsoleConfig> = {}): ConsoleConfig {
  const file = join(__dirname, '..', '..', '..', 'package.json');
  const { bundle } = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  const keys = Object.entries(bundle.configuration.console.properties);
  const defaults = Object.fromEntries(keys.map(([key, schema]) => [key, schema.default]));
  return { ...(defaults as unknown as ConsoleConfig), 'console.port': 0, ...given };
}

/** An answer as it came. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  /** Of a JSON answer. */
  readonly body: Record<string, unknown> & { readonly error?: { readonly code: string; readonly message: string } };
}

export interface AskOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Somebody who is logged in. */
export interface LoggedIn {
  readonly cookie: string;
  readonly csrfToken: string;
}

/** A log in memory that tests write to. */
class MemoryLog implements LogReader {
  readonly written: LogEntry[] = [];
  readonly listeners = new Set<(entry: LogEntry) => void>();
  entries(): LogEntry[] {
    return [...this.written];
  }
  listen(listener: (entry: LogEntry) => void): Disposable {
    this.listeners.add(listener);
    return { [Symbol.dispose]: () => void this.listeners.delete(listener) };
  }
  levels(): Record<string, never> {
    return {};
  }
  setLevel(): void {
    throw new Error('nobody sets a level here');
  }
  write(entry: LogEntry): void {
    this.written.push(entry);
    for (const listener of this.listeners) listener(entry);
  }
}

/** The console on a free port, over commands that note what they are asked. */
export class TestSite implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly commands = new NotedCommands();
  readonly logged: unknown[][] = [];
  readonly logReader = new MemoryLog();
  readonly log: Logger = noting(this.logged);
  readonly sampler = new Sampler(this.commands, this.clock, this.log, () => 5000);
  readonly changes = new Changes(this.clock);
  readonly site: ConsoleSite;

  constructor() {
    const { commands, logReader, clock, log, sampler, changes } = this;
    this.site = new ConsoleSite({ commands, logReader, clock, log, sampler, changes });
  }

  static async open(config: Partial<ConsoleConfig> = {}): Promise<TestSite> {
    const made = new TestSite();
    await made.site.open(defaultConfig(config));
    return made;
  }

  /** That is listened on: the log says it. */
  get port(): number {
    const lines = this.logged.filter(([, message]) => String(message).startsWith('the web console listens'));
    return (lines.at(-1)?.[2] as { port: number }).port;
  }

  get url(): URL {
    return new URL(this.site.origin);
  }

  /** As a browser would send it, but for what `headers` say. */
  async ask(path: string, options: AskOptions = {}): Promise<Answer> {
    const response = await this.start(path, options);
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const isJson = /^application\/json/.test(response.headers['content-type'] ?? '');
    const body = (isJson ? JSON.parse(text) : {}) as Answer['body'];
    return { status: response.statusCode ?? 0, headers: response.headers, text, body };
  }

  /** The answer as soon as it begins: for streams. */
  async start(path: string, { method = 'GET', headers = {}, body }: AskOptions = {}): Promise<IncomingMessage> {
    const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
    const sent = request({
      hostname: '127.0.0.1',
      port: this.port,
      path,
      method,
      headers: { ...type, ...headers },
      agent: false,
    });
    sent.end(body === undefined ? undefined : JSON.stringify(body));
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return response;
  }

  async logIn(role: Role = 'admin', name = 'anna'): Promise<LoggedIn> {
    const token = this.site.links.create({ name, role });
    const { headers, body } = await this.ask('/api/login', { method: 'POST', body: { token } });
    return { cookie: headers['set-cookie']?.[0]?.split(';')[0] ?? '', csrfToken: String(body.csrfToken) };
  }

  get(path: string, { cookie }: LoggedIn): Promise<Answer> {
    return this.ask(path, { headers: { cookie } });
  }

  post(path: string, body: unknown, { cookie, csrfToken }: LoggedIn): Promise<Answer> {
    const headers = { cookie, 'X-CSRF-Token': csrfToken, 'Sec-Fetch-Site': 'same-origin' };
    return this.ask(path, { method: 'POST', body, headers });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.sampler[Symbol.dispose]();
    this.changes[Symbol.dispose]();
    const closed = this.site[Symbol.asyncDispose]();
    // A connection that is kept alive is cut when the time of grace is over.
    await this.clock.tick(1000);
    await closed;
  }
}

/** Keeps what is written to it, whatever the level. */
function noting(lines: unknown[][]): Logger {
  return new Proxy({} as Logger, {
    get:
      (_, level) =>
      (...line: unknown[]) =>
        void lines.push([level, ...line]),
  });
}
