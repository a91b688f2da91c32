import type { Event, ServiceProperties } from '@oxtender/bundle-api';
import { EventHandler } from '@oxtender/bundle-api';
import { FakeClock, settle } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { HostEventAdmin } from '../../src/events/event-admin';
import { Logging } from '../../src/log/logging';
import { deferred, launch, type Launched, stopAll } from '../support/launch';

interface Scene extends Launched {
  readonly admin: HostEventAdmin;
  readonly messages: () => string[];
  /** Registers a handler that notes what it gets. */
  readonly on: (topics: string | string[] | undefined, seen: unknown[], properties?: ServiceProperties) => void;
}

async function scene(capacity = 1000): Promise<Scene> {
  const clock = new FakeClock();
  const logging = new Logging({ clock, destination: { write: () => undefined } });
  const launched = await launch({ clock });
  const admin = new HostEventAdmin({ clock, log: logging.logger('events'), capacity });
  admin.open(launched.context);
  return {
    ...launched,
    admin,
    messages: () => logging.entries().map(({ message }) => message),
    on: (topics, seen, properties = {}) => {
      const handler: EventHandler = { handleEvent: ({ topic }) => void seen.push(topic) };
      launched.context.registerService(EventHandler, handler, { 'event.topics': topics, ...properties });
    },
  };
}

describe('Event Admin (reference section 11)', () => {
  afterEach(stopAll);

  it('E1 refuses what is no topic', async () => {
    const { admin } = await scene();
    for (const topic of ['', '*', '/a', 'a/', 'a//b', 'a/*', 'a b', 'a.b', 'ä'])
      expect(() => admin.post(topic), topic).to.throw(TypeError);
    admin.post('a_B-1/c');
  });

  it('E1 copies and freezes the properties, the topic among them', async () => {
    const { admin, context } = await scene();
    const events: Event[] = [];
    context.registerService(EventHandler, { handleEvent: (event) => void events.push(event) }, { 'event.topics': '*' });
    const given = { list: [1], 'event.topics': 'mine' };
    admin.post('a/b', given);
    given.list.push(2);
    await admin.send('a/b', { list: [1] });
    expect(events[0]).to.deep.equal(events[1]);
    expect(events[0]).to.deep.equal({ topic: 'a/b', properties: { list: [1], 'event.topics': 'a/b' } });
    expect(Object.isFrozen(events[0]!.properties)).to.equal(true);
  });

  it('E2 matches exact topics, what is below a pattern, and everything; each handler once', async () => {
    const { admin, on, messages } = await scene();
    const seen = { exact: [], below: [], all: [], both: [], none: [], bad: [] } as Record<string, unknown[]>;
    on('a/b', seen.exact!);
    on('a/b/*', seen.below!);
    on('*', seen.all!);
    on(['a/*', 'a/b'], seen.both!);
    on(undefined, seen.none!);
    on(['a/*/c', 'a/b/c'], seen.bad!);
    for (const topic of ['a', 'a/b', 'a/b/c', 'a/b/c/d']) await admin.send(topic);
    expect(seen).to.deep.equal({
      exact: ['a/b'],
      below: ['a/b/c', 'a/b/c/d'],
      all: ['a', 'a/b', 'a/b/c', 'a/b/c/d'],
      both: ['a/b', 'a/b/c', 'a/b/c/d'],
      none: [],
      bad: ['a/b/c'],
    });
    expect(messages()).to.deep.equal(['not a topic pattern']);
  });

  it('E3 filters by properties; a handler with a bad filter gets nothing', async () => {
    const { admin, on, messages } = await scene();
    const seen: unknown[] = [];
    const bad: unknown[] = [];
    on('*', seen, { 'event.filter': '(n>=2)' });
    on('*', bad, { 'event.filter': '(n' });
    await admin.send('one', { n: 1 });
    await admin.send('two', { n: 2 });
    expect([seen, bad]).to.deep.equal([['two'], []]);
    expect(messages()).to.deep.equal(['an event handler has a bad filter and is ignored']);
  });

  it('E4 post returns at once and keeps the order; unordered handlers need not wait', async () => {
    const { admin, context } = await scene();
    const gate = deferred();
    const ordered: string[] = [];
    const unordered: string[] = [];
    const handler = (seen: string[]): EventHandler => ({
      handleEvent: async ({ topic }) => {
        if (topic === 'first') await gate.promise;
        seen.push(topic);
      },
    });
    context.registerService(EventHandler, handler(ordered), { 'event.topics': '*' });
    context.registerService(EventHandler, handler(unordered), {
      'event.topics': '*',
      'event.delivery': 'async.unordered',
    });
    admin.post('first');
    admin.post('second');
    expect([ordered, unordered]).to.deep.equal([[], []]);
    await settle();
    expect([ordered, unordered]).to.deep.equal([[], ['second']]);
    gate.resolve();
    await settle();
    expect([ordered, unordered]).to.deep.equal([
      ['first', 'second'],
      ['second', 'first'],
    ]);
  });

  it('E4 send waits for every handler, E5 a throwing one is logged and the others go on', async () => {
    const { admin, context, messages } = await scene();
    const log: string[] = [];
    const throwing = (): void => {
      throw new Error('no');
    };
    context.registerService(EventHandler, { handleEvent: throwing }, { 'event.topics': '*', 'service.ranking': 1 });
    context.registerService(
      EventHandler,
      {
        handleEvent: async () => {
          await settle();
          log.push('handled');
        },
      },
      { 'event.topics': '*' },
    );
    await admin.send('x');
    expect(log).to.deep.equal(['handled']);
    expect(messages()).to.deep.equal(['an event handler failed']);
  });

  it('E5 the handlers are those of the moment; one that is unregistered before its turn is skipped', async () => {
    const { admin, context, on } = await scene();
    const log: string[] = [];
    const gate = deferred();
    const registration = context.registerService(
      EventHandler,
      {
        handleEvent: async ({ topic }) => {
          log.push(topic);
          await gate.promise;
        },
      },
      { 'event.topics': '*' },
    );
    admin.post('one');
    admin.post('two');
    const late: unknown[] = [];
    on('*', late);
    await settle();
    registration.unregister();
    gate.resolve();
    await settle();
    expect([log, late]).to.deep.equal([['one'], []]);
  });

  it('E6 a slow handler is reported, no longer waited for, and not shut out for ever', async () => {
    const { admin, context, clock, messages } = await scene(2);
    const gates = Array.from({ length: 5 }, () => deferred());
    const log: string[] = [];
    context.registerService(
      EventHandler,
      {
        handleEvent: async ({ topic }) => {
          await gates[Number(topic)]!.promise;
          log.push(topic);
        },
      },
      { 'event.topics': '*' },
    );
    const sent = admin.send('0');
    await clock.tick(5000);
    await sent;
    expect(messages()).to.deep.equal(['an event handler takes long']);
    for (const topic of ['1', '2', '3', '4']) admin.post(topic);
    for (const gate of gates) gate.resolve();
    await settle();
    expect(log).to.deep.equal(['0', '3', '4']);
    expect(messages().at(-1)).to.equal('an event handler is too slow: events are dropped');
  });
});
