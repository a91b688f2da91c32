'use strict';
/*
 * usage: bench/eas/asking.js URL COOKIE USER-AGENT
 *
 * The other baseline: koa that asks the groupware the least there is to ask before each answer, over undici, without the
 * stream of its `request`, and reads what comes. Look at its processor time as well as at its rate: the groupware and
 * the load, which share a core, may be what it waits for.
 */
const Koa = require('koa');
const { Pool } = require('undici');

const [url, cookie, userAgent] = process.argv.slice(2);
const { origin, pathname, search } = new URL(url);
const pool = new Pool(origin, { connections: 16 });
const question = { path: pathname + search, method: 'GET', headers: { cookie, 'user-agent': userAgent } };

/** @returns the answer's text */
function ask() {
  return new Promise((resolve, reject) => {
    const chunks = [];
    pool.dispatch(question, {
      onRequestStart() {},
      onResponseStart() {},
      onResponseData: (_, chunk) => chunks.push(chunk),
      onResponseEnd: () => resolve(Buffer.concat(chunks).toString()),
      onResponseError: (_, error) => reject(error),
    });
  });
}

const app = new Koa();
app.use(async (context) => {
  const { error } = JSON.parse(await ask());
  if (error) context.throw(502, error);
  context.body = '';
});
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`ready http://127.0.0.1:${server.address().port}\n`);
});
process.once('SIGTERM', () => process.exit(0));
