import { FakeClock } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { HeapGrowth } from '../../src/launch/heap-growth';

describe('how far the heap grows', () => {
  /** The flags that are set while the host works that part of each ten seconds. */
  async function flagsWith(percent: number, parts: readonly number[]): Promise<string[]> {
    const flags: string[] = [];
    const clock = new FakeClock();
    const left = parts.values();
    const utilization = (since?: unknown) => ({ idle: 0, active: 0, utilization: since ? left.next().value! : 0 });
    const growth = new HeapGrowth({ percent, clock, utilization, setFlag: (flag) => void flags.push(flag) });
    growth.start();
    await clock.tick(parts.length * 10_000);
    return flags;
  }

  it('is little while the host rests, and as configured under load; told to V8 when it changes', async () => {
    expect(await flagsWith(70, [1, 0.6, 0.2, 0, 0.9])).to.deep.equal(
      [70, 10, 70].map((percent) => `--heap-growing-percent=${percent}`),
    );
  });

  it('is what is configured, always, where that is little', async () => {
    expect(await flagsWith(5, [1, 0])).to.deep.equal(['--heap-growing-percent=5']);
  });

  it('is left to V8 where 0 is configured', async () => {
    expect(await flagsWith(0, [1, 0])).to.deep.equal([]);
  });
});
