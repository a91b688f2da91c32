'use strict';
const { spawn } = require('node:child_process');

/**
 * Runs programs side by side, so many at a time. What each of them writes comes out in one piece, in the order of the list: the
 * first one's as it comes.
 *
 * @param {readonly { command: string, args: readonly string[] }[]} jobs
 * @returns {Promise<{ status: number | null, output: string }[]>} in the order of the list
 */
async function runJobs(jobs, { limit, cwd }) {
  const running = jobs.map(({ command, args }) => ({
    command,
    args,
    output: '',
    written: 0,
    status: null,
    ended: false,
  }));
  let shown = 0;
  const show = () => {
    for (; shown < running.length; shown++) {
      const job = running[shown];
      process.stdout.write(job.output.slice(job.written));
      job.written = job.output.length;
      if (!job.ended) return;
    }
  };
  const work = async (queue) => {
    for (const job of queue) {
      job.status = await ended(job, cwd, show);
      job.ended = true;
      show();
    }
  };
  const queue = running.values();
  await Promise.all(Array.from({ length: limit }, () => work(queue)));
  return running.map(({ status, output }) => ({ status, output }));
}

function ended(job, cwd, wrote) {
  return new Promise((resolve, reject) => {
    const child = spawn(job.command, job.args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => {
        job.output += text;
        wrote();
      });
    child.on('error', reject).on('close', resolve);
  });
}

module.exports = { runJobs };
