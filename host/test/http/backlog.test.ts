import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { HttpServer } from '../../src/http/http-server';
import { Logging } from '../../src/log/logging';

const phones = 1500;

/** Connects to the server's port all at once, and tells by shared memory how many connections stand. */
const crowd = `
  const { workerData } = require('node:worker_threads');
  const { connect } = require('node:net');
  const standing = new Int32Array(workerData.standing);
  for (let n = 0; n < ${phones}; n++) {
    connect(workerData.port, '127.0.0.1', () => {
      if (Atomics.add(standing, 0, 1) === ${phones} - 1) Atomics.store(standing, 1, 1), Atomics.notify(standing, 1);
    }).on('error', () => undefined);
  }
`;

const kernelLimit = '/proc/sys/net/core/somaxconn';

describe('connections that wait to be taken', () => {
  it('are as many as the kernel allows: all phones come back at once while the host is still busy', async function () {
    if (!existsSync(kernelLimit) || Number(readFileSync(kernelLimit, 'latin1')) < phones) this.skip();
    const log = new Logging({ clock: { now: () => 0 }, destination: { write: () => undefined } }).logger('host.http');
    const server = new HttpServer({ middleware: () => undefined, onUpgrade: () => undefined, log, proxies: 0 });
    const port = Number(new URL(await server.listen(0, '127.0.0.1')).port);
    const standing = new SharedArrayBuffer(8);
    const worker = new Worker(crowd, { eval: true, workerData: { port, standing } });
    try {
      // This thread, which would take the connections, does nothing until all of them stand.
      const counts = new Int32Array(standing);
      expect(Atomics.wait(counts, 1, 0, 10_000)).to.be.oneOf(['ok', 'not-equal']);
      expect(counts[0]).to.equal(phones);
    } finally {
      await worker.terminate();
      await server.close();
    }
  });
});
