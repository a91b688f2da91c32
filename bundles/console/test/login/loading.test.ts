import { expect } from 'chai';
import { execFileSync } from 'node:child_process';

/** In a process of its own: here others have loaded it. */
const program = `
const { TestSite } = require('../support/test-site');
const loaded = () => Object.keys(require.cache).some((file) => /node_modules.openid-client/.test(file));
(async () => {
  const seen = [];
  for (const issuer of ['', 'http://127.0.0.1:1']) {
    const site = await TestSite.open({ 'console.oidc.issuer': issuer });
    seen.push(loaded());
    await site[Symbol.asyncDispose]();
  }
  process.stdout.write(JSON.stringify(seen));
})();`;

describe('the OpenID library', () => {
  it('is loaded where login by OpenID Connect is configured, and only there', () => {
    const out = execFileSync(process.execPath, ['-e', program], { cwd: __dirname, encoding: 'utf8' });
    expect(JSON.parse(out)).to.deep.equal([false, true]);
  });
});
