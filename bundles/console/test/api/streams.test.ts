import type { LogEntry } from '@oxtender/bundle-api';
import { settle } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { type LoggedIn, TestSite } from '../support/test-site';

/** Events of a stream, as they come. */
class Events {
  #text = '';
  readonly ended: Promise<unknown>;

  constructor(readonly response: IncomingMessage) {
    response.setEncoding('utf8').on('data', (chunk: string) => (this.#text += chunk));
    this.ended = once(response, 'end');
  }

  /** Waits for so many of them. */
  async list(count: number): Promise<[event: string, data: unknown][]> {
    for (;;) {
      const found = [...this.#text.matchAll(/^event: (.*)\ndata: (.*)\n$/gm)];
      if (found.length >= count) return found.map(([, event = '', data = '']) => [event, JSON.parse(data)]);
      await once(this.response, 'data');
    }
  }

  close(): void {
    this.response.destroy();
  }
}

const line = (level: LogEntry['level'], name: string, message: string, fields = {}): LogEntry => ({
  ...{ time: 1, level, name, message, fields },
});

describe('streams', () => {
  let site: TestSite;
  let reader: LoggedIn;
  const open: Events[] = [];

  beforeEach(async () => {
    site = await TestSite.open();
    reader = await site.logIn('read');
  });
  afterEach(async () => {
    for (const events of open.splice(0)) events.close();
    await site[Symbol.asyncDispose]();
  });

  const stream = async (path: string): Promise<Events> => {
    const events = new Events(await site.start(path, { headers: { cookie: reader.cookie } }));
    open.push(events);
    return events;
  };

  it('has the past of the log first, then each line as it is written, by level, logger and text', async () => {
    site.logReader.write(line('info', 'oxtender.eas', 'old'));
    site.logReader.write(line('debug', 'oxtender.eas', 'too weak'));
    const all = await stream('/api/log?level=info');
    const some = await stream('/api/log?level=warn&name=oxtender.eas&text=SUBJECT');
    site.logReader.write(line('warn', 'oxtender.eas', 'new', { field: 'the subject' }));
    site.logReader.write(line('warn', 'oxtender.usm', 'another', { field: 'the subject' }));
    const messages = (found: [string, unknown][]) =>
      found.map(([event, data]) => [event, [data].flat().map((each) => (each as LogEntry).message)]);
    expect(messages(await all.list(3))).to.deep.equal([
      ['past', ['old']],
      ['entry', ['new']],
      ['entry', ['another']],
    ]);
    expect(messages(await some.list(2))).to.deep.equal([
      ['past', []],
      ['entry', ['new']],
    ]);
  });

  it('listens no longer than its browser', async () => {
    const events = await stream('/api/log');
    await events.list(1);
    expect(site.logReader.listeners.size).to.equal(1);
    events.close();
    while (site.logReader.listeners.size > 0) await settle();
  });

  it('ends with the session, and with the console', async () => {
    const one = await stream('/api/live');
    await one.list(1);
    const session = site.site.sessions.find(reader.cookie.split('=')[1]);
    site.site.sessions.end(session!);
    await one.ended;
    reader = await site.logIn('read');
    const two = await stream('/api/live');
    await two.list(1);
    await site.site[Symbol.asyncDispose]();
    await two.ended;
  });

  it('has figures of the past, each new one, and what has changed, told once', async () => {
    let count = 0;
    const row = (value: number) => ({ name: 'ox_calls_total', labels: ['outcome=ok'], value });
    site.commands.answers.set('metrics', () => [row((count += 50))]);
    await site.sampler.take();
    await site.clock.tick(5000);
    await site.sampler.take();
    const events = await stream('/api/live');
    await events.list(1);
    await site.clock.tick(5000);
    await site.sampler.take();
    const event = (topic: string) => site.changes.handleEvent({ topic, properties: {} });
    for (const topic of ['host/bundle/STARTED', 'host/bundle/STOPPED', 'host/config/CM_UPDATED']) event(topic);
    await site.clock.tick(250);
    const found = await events.list(3);
    const figures = found.map(([name, data]) => [
      name,
      [data].flat().map((each) => (each as { figures?: { oxCalls: number } }).figures?.oxCalls ?? each),
    ]);
    expect(figures).to.deep.equal([
      ['past', [10]],
      ['sample', [10]],
      ['changed', ['bundles', 'configurations']],
    ]);
  });
});
