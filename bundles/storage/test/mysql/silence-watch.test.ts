import { expect } from 'chai';
import { SilenceWatch } from '../../src/mysql/silence-watch';
import { ManualClock } from '../support/manual-clock';

describe('SilenceWatch', () => {
  it('gives up what waits too long, and nothing else', async () => {
    const clock = new ManualClock();
    const watch = new SilenceWatch(clock, 1000);
    const given: string[] = [];
    const add = (name: string) => watch.add(() => given.push(name));
    add('old');
    const answered = add('answered');
    await clock.advance(600);
    add('young');
    watch.remove(answered);
    await clock.advance(650);
    expect(given).to.deep.equal(['old']);
    await clock.advance(600);
    expect(given).to.deep.equal(['old', 'young']);
  });

  it('keeps no timer when nothing waits', async () => {
    const clock = new ManualClock();
    const watch = new SilenceWatch(clock, 1000);
    watch.remove(watch.add(() => undefined));
    await clock.advance(250);
    expect(clock.waiting).to.equal(0);
    watch.add(() => undefined);
    expect(clock.waiting).to.equal(1);
    watch[Symbol.dispose]();
    expect(clock.waiting).to.equal(0);
  });
});
