'use strict';

const round = (value) => Number(value.toPrecision(3));

/** The value below which so many hundredths of the others are. */
function percentile(sorted, hundredths) {
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * hundredths) / 100))];
}

/** Of latencies in milliseconds. */
function percentiles(latencies) {
  const sorted = Float64Array.from(latencies).sort();
  return {
    'p50 ms': round(percentile(sorted, 50)),
    'p95 ms': round(percentile(sorted, 95)),
    'p99 ms': round(percentile(sorted, 99)),
  };
}

/**
 * Sends requests over all lines at once, each line one after the other, for some time.
 *
 * @param jobs - a line, and the request that goes over it
 * @returns a row of the report
 */
async function repeat(name, server, jobs, { time, status = 200 }) {
  const until = (milliseconds) => performance.now() + milliseconds;
  // As long as the compiler needs to have seen the code: a server that runs for days is what is measured.
  await run(jobs, until(time * 2), status);
  const cpu = server.cpu;
  const begin = performance.now();
  const latencies = await run(jobs, until(time), status);
  const seconds = (performance.now() - begin) / 1000;
  return {
    request: name,
    'requests/s': Math.round(latencies.length / seconds),
    ...percentiles(latencies),
    'CPU µs': Math.round(((server.cpu - cpu) * 1000) / latencies.length),
    'RSS MiB': Math.round(server.memory / 2 ** 20),
  };
}

async function run(jobs, end, wanted) {
  const latencies = [];
  const work = async ({ line, request }) => {
    for (let now = performance.now(); now < end;) {
      const { status, head } = await line.send(request);
      if (status !== wanted) throw new Error(`HTTP ${status} in place of ${wanted}:\n${head}`);
      const then = performance.now();
      latencies.push(then - now);
      now = then;
    }
  };
  await Promise.all(jobs.map(work));
  return latencies;
}

/** Runs `work` for each, so many at a time. */
async function eachOf(values, limit, work) {
  const next = values.entries();
  const worker = async () => {
    for (const [index, value] of next) await work(value, index);
  };
  await Promise.all(Array.from({ length: limit }, worker));
}

module.exports = { eachOf, percentiles, repeat, round };
