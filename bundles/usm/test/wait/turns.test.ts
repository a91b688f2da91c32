import { settle } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { Turns } from '../../src/wait/turns';

/** Work that ends when it is told to. */
class Work {
  readonly begun: string[] = [];
  readonly #ends: (() => void)[] = [];

  named(name: string): () => Promise<void> {
    return () => {
      this.begun.push(name);
      return new Promise((resolve) => this.#ends.push(resolve));
    };
  }

  async end(): Promise<void> {
    this.#ends.shift()?.();
    await settle();
  }
}

describe('Turns', () => {
  it('go round the users, so that nobody waits for all of another', async () => {
    const turns = new Turns(1);
    const work = new Work();
    for (const name of ['a1', 'a2', 'a3', 'b1', 'c1', 'c2']) turns.take(name.charAt(0), work.named(name));
    for (let end = 0; end < 6; end++) await work.end();
    expect(work.begun).to.deep.equal(['a1', 'a2', 'b1', 'c1', 'a3', 'c2']);
  });

  it('are no more than so many at a time', async () => {
    const turns = new Turns(2);
    const work = new Work();
    for (const name of ['a1', 'b1', 'c1']) turns.take(name.charAt(0), work.named(name));
    expect(work.begun).to.deep.equal(['a1', 'b1']);
    await work.end();
    expect(work.begun).to.deep.equal(['a1', 'b1', 'c1']);
  });

  it('can be given back before they come', async () => {
    const turns = new Turns(1);
    const work = new Work();
    turns.take('a', work.named('a1'));
    const given = turns.take('b', work.named('b1'));
    turns.take('c', work.named('c1'));
    given[Symbol.dispose]();
    await work.end();
    expect(work.begun).to.deep.equal(['a1', 'c1']);
  });
});
