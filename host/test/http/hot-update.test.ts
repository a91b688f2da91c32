import { settle } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { join } from 'node:path';
import { writeBundle } from '../support/bundles';
import { closeFronts, get, launchHttp } from '../support/http';
import { stopAll, temporaryFolder } from '../support/launch';

const updates = 20;

/** A bundle whose route takes a moment, and whose long poll ends early when it drains. */
const code = (version: string): string => `
const api = require('@oxtender/bundle-api');
const waiting = new Set();
exports.start = (context) => {
  context.registerService(api.HttpRoutes, {
    routes: async (ctx) => {
      if (ctx.path === '/poll') await new Promise((resolve) => waiting.add(resolve));
      else await new Promise((resolve) => setImmediate(resolve));
      if (ctx.path === '/release') for (const resolve of waiting) resolve();
      ctx.body = '${version}';
    },
    onDrain: () => { for (const resolve of waiting) resolve(); },
  }, { 'http.path': '/p' });
};
`;

describe('hot update under load', () => {
  afterEach(async () => {
    await stopAll();
    await closeFronts();
  });

  it(`loses none of the requests that run through ${updates} updates, long polls among them`, async function () {
    this.timeout(60_000);
    const host = await launchHttp();
    const folder = temporaryFolder();
    const versions = Array.from({ length: updates + 1 }, (_, index) => `1.${index}.0`);
    const contents = versions.map((version) =>
      writeBundle(
        'p',
        { version, code: code(version), manifest: { http: { reserves: ['/p'] } } },
        join(folder, version),
      ),
    );
    const bundle = await host.context.installBundle(contents[0]!);
    await bundle.start();

    const answers: [number, string][] = [];
    const load = { done: false, ended: false };
    const client = async (path: string): Promise<void> => {
      while (!load.done) answers.push(await get(`${host.url}/p${path}`));
    };
    const clients = [client('/a'), client('/b'), client('/c'), client('/poll')];
    const moreAnswers = async (): Promise<void> => {
      const before = answers.length;
      while (answers.length < before + 10) await settle();
    };
    for (const content of contents.slice(1)) {
      await moreAnswers();
      await bundle.update(content);
    }
    await moreAnswers();
    load.done = true;
    void Promise.all(clients).then(() => (load.ended = true));
    while (!load.ended) answers.push(await get(`${host.url}/p/release`));

    expect(answers.filter(([status]) => status !== 200)).to.deep.equal([]);
    expect([...new Set(answers.map(([, version]) => version))].sort()).to.deep.equal([...versions].sort());
  });

  it('keeps the old generation serving when the new one does not start', async () => {
    const host = await launchHttp();
    const folder = temporaryFolder();
    const manifest = { http: { reserves: ['/p'] } };
    const good = writeBundle('p', { version: '1.0.0', code: code('1.0.0'), manifest }, join(folder, 'good'));
    const bad = writeBundle(
      'p',
      { version: '2.0.0', code: 'exports.start = () => { throw new Error("broken"); };', manifest },
      join(folder, 'bad'),
    );
    const bundle = await host.context.installBundle(good);
    await bundle.start();
    const failing = bundle.update(bad).catch((error: unknown) => String(error));
    const during = get(`${host.url}/p/x`);
    expect(await failing).to.contain('broken');
    expect(await during).to.deep.equal([200, '1.0.0']);
    expect(await get(`${host.url}/p/x`)).to.deep.equal([200, '1.0.0']);
    expect([bundle.version, bundle.state]).to.deep.equal(['1.0.0', 'ACTIVE']);
  });
});
