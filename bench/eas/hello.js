'use strict';
/** The baseline: koa, and nothing else. */
const Koa = require('koa');

const app = new Koa();
app.use((context) => {
  context.body = 'hello';
});
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`ready http://127.0.0.1:${server.address().port}\n`);
});
process.once('SIGTERM', () => process.exit(0));
