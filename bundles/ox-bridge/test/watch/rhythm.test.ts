import { FakeClock } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { Rhythm } from '../../src/watch/rhythm';

/** Times of looks, in milliseconds since the beginning; the outcome of each is what the test says. */
function scene(outcome: () => boolean | undefined): { clock: FakeClock; rhythm: Rhythm; looks: number[] } {
  const clock = new FakeClock();
  const begin = clock.now();
  const looks: number[] = [];
  const rhythm = new Rhythm({ clock, interval: 1_000, idleInterval: 10_000 }, () => {
    looks.push(clock.now() - begin);
    return Promise.resolve(outcome());
  });
  return { clock, rhythm, looks };
}

const gaps = (looks: readonly number[]): number[] => looks.slice(1).map((time, index) => time - (looks[index] ?? 0));

describe('Rhythm', () => {
  it('looks at once, then ever more seldom while nothing changes, and never in step', async () => {
    const { clock, rhythm, looks } = scene(() => false);
    rhythm.plan();
    await clock.tick(200_000);
    expect(looks[0]).to.equal(0);
    const waits = gaps(looks);
    waits.forEach((wait, index) => {
      const middle = Math.min(1_000 * 1.25 ** (index + 1), 10_000);
      expect(wait).to.be.within(middle * 0.8, middle * 1.2);
    });
    expect(new Set(waits).size).to.be.greaterThan(waits.length / 2);
    rhythm[Symbol.dispose]();
    expect(clock.pending).to.equal(0);
  });

  it('stays quick while things change', async () => {
    const { clock, rhythm, looks } = scene(() => true);
    rhythm.plan();
    await clock.tick(20_000);
    expect(Math.max(...gaps(looks))).to.be.at.most(1_200);
  });

  it('does not look in a pause, and is quick again after a long one', async () => {
    const { clock, rhythm, looks } = scene(() => false);
    rhythm.plan();
    await clock.tick(100_000);
    rhythm.pause();
    const before = looks.length;
    await clock.tick(60_000);
    expect(looks).to.have.length(before);
    rhythm.plan();
    await clock.tick(0);
    expect(looks).to.have.length(before + 1);
    await clock.tick(1_500);
    expect(looks).to.have.length(before + 2);
  });

  it('does not become quicker by a short pause, nor look twice at a time', async () => {
    // Whenever the pause comes: waits vary by chance, and the longest ones are longer than the interval.
    for (let idle = 80_000; idle < 120_000; idle += 200) {
      const { clock, rhythm, looks } = scene(() => false);
      rhythm.plan();
      await clock.tick(idle);
      const before = looks.length;
      for (let round = 0; round < 50; round++) {
        rhythm.pause();
        rhythm.plan();
        await clock.tick(100);
      }
      expect(looks.length - before, `pause after ${idle} ms`).to.be.at.most(1);
    }
  });

  it('hurries for something new, but never more than the interval allows', async () => {
    const { clock, rhythm, looks } = scene(() => false);
    rhythm.plan();
    await clock.tick(100_000);
    rhythm.pause();
    await clock.tick(1_300);
    const before = looks.length;
    rhythm.plan(true);
    await clock.tick(0);
    expect(looks).to.have.length(before + 1);
    rhythm.plan(true);
    await clock.tick(700);
    expect(looks).to.have.length(before + 1);
  });

  it('leaves a server alone for long when a look fails', async () => {
    const { clock, rhythm, looks } = scene(() => undefined);
    rhythm.plan();
    await clock.tick(7_900);
    expect(looks).to.have.length(1);
  });
});
