'use strict';
/*
 * usage: bench/eas/asking.js URL COOKIE USER-AGENT
 *
 * The other baseline: koa that asks the groupware the least there is to ask before each answer, over undici, and reads
 * what comes. A gateway that keeps no copy of the groupware's data is at most as fast as this.
 */
const Koa = require('koa');
const { Pool } = require('undici');

const [url, cookie, userAgent] = process.argv.slice(2);
const { origin, pathname, search } = new URL(url);
const pool = new Pool(origin, { connections: 16 });
const question = { path: pathname + search, method: 'GET', headers: { cookie, 'user-agent': userAgent } };

const app = new Koa();
app.use(async (context) => {
  const { body } = await pool.request(question);
  const { error } = JSON.parse(await body.text());
  if (error) context.throw(502, error);
  context.body = '';
});
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`ready http://127.0.0.1:${server.address().port}\n`);
});
process.once('SIGTERM', () => process.exit(0));
