import { DisposableStore } from '@oxtender/bundle-api';
import { Contacts, element } from '@oxtender/eas';
import { type Device, type DeviceFolder, sendMail } from '@oxtender/eas-device';
import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DataFolder, HostProcess, root } from './support/host-process';
import { alice, setUpPhone } from './support/phone';
import { type CollectedSpan, TraceCollector, attributeOf } from './support/trace-collector';

const inbox = 2;

/** Names of metrics that Node.js itself brings. */
const ofProcess = /^(?:process|nodejs)_/;

/** What an operator sees of a host at work: metrics, traces, log, one device live. */
describe('watching a host', function () {
  this.timeout(120_000);
  const data = new DataFolder();
  const cleanUp = new DisposableStore();
  let collector: TraceCollector;
  let host: HostProcess;
  let phone: Device;

  before(async () => {
    cleanUp.add(data);
    collector = await TraceCollector.start();
    cleanUp.add(() => collector[Symbol.asyncDispose]());
    host = await HostProcess.start(data.path, {
      set: {
        'host.traces.endpoint': collector.url,
        'host.log.levels': 'oxtender.ox-bridge=debug,oxtender.usm=debug',
        'ajp.enabled': 'true',
        'ajp.port': '0',
      },
    });
    cleanUp.add(() => host[Symbol.asyncDispose]());
    phone = await setUpPhone(host, 'WATCHED');
  });
  after(() => cleanUp.dispose());

  /** Lines of the log with these words, as objects. */
  const lines = (message: string): Record<string, unknown>[] =>
    host.log
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ msg }) => msg === message);

  it('writes the same request id into each line of one request, in whatever bundle', async () => {
    await phone.syncAll(phone.folderOfType(inbox));
    await host.logged((line) => /"command":"Sync".*"backendCalls":[1-9].*"msg":"request"/.test(line));
    const requests = lines('request').filter(({ command }) => command === 'Sync');
    const ids = new Set(requests.map(({ requestId }) => requestId));
    expect(ids.size).to.equal(requests.length);
    for (const message of ['sync executed', 'ox call']) {
      const own = lines(message).map(({ requestId }) => requestId);
      expect(
        own.filter((id) => ids.has(id)),
        message,
      ).to.not.have.length(0);
    }
    const busiest = requests.find(({ backendCalls }) => Number(backendCalls) > 0);
    const calls = lines('ox call').filter(({ requestId }) => requestId === busiest?.['requestId']);
    expect(calls).to.have.length(Number(busiest?.['backendCalls']));
    expect(calls[0]).to.include.keys('module', 'action', 'outcome', 'durationMs');
  });

  it('makes one trace of a request, from the device to each call of Open-Xchange', async () => {
    const isListing = (span: CollectedSpan): boolean =>
      span.name === 'ox mail all' && collector.pathTo(span).length === 4;
    while (!collector.spans.some(isListing)) await phone.sync(phone.folderOfType(inbox));
    const listing = collector.spans.find(isListing) as CollectedSpan;
    expect(collector.pathTo(listing)).to.deep.equal(['POST', 'eas Sync', 'usm sync', 'ox mail all']);
    const trace = collector.spans.filter(({ traceId }) => traceId === listing.traceId);
    const first = trace.find(({ parentSpanId }) => !parentSpanId) as CollectedSpan;
    expect(attributeOf(first, 'url.path')).to.equal('/Microsoft-Server-ActiveSync');
    expect(Number(attributeOf(first, 'http.response.status_code'))).to.equal(200);
    const id = attributeOf(first, 'oxtender.request_id');
    expect(lines('request').map(({ requestId }) => requestId)).to.include(id);
    expect(JSON.stringify(collector.spans)).to.not.include(alice.password);
    expect(JSON.stringify(collector.spans)).to.not.include('User=');
  });

  it('has a request that waits in its trace to the end, with what it asks of Open-Xchange meanwhile, and no more', async () => {
    const waiting = await setUpPhone(host, 'WAITING');
    const other = await setUpPhone(host, 'TALKATIVE');
    cleanUp.add(waiting);
    cleanUp.add(other);
    const [own, contacts] = [waiting, other].map((device) => device.folderOfType(9)) as [DeviceFolder, DeviceFolder];
    await waiting.syncAll(own);
    await other.syncAll(contacts);
    const ping = waiting.ping([own], 900);
    await host.metricIs('usm_waiting_devices', (value) => value === 1);
    // The first poll tells of all folders, whether they changed or not.
    await collector.until(() => collector.spans.some(({ name }) => name === 'ox poll'));
    const data = [element(Contacts.LastName, 'Traced')];
    await other.sync(contacts, { changes: [{ kind: 'add', clientId: 'traced', data }] });
    expect((await ping).status).to.equal(2);

    const stepsOf = (name: string, device: string): CollectedSpan[] => {
      const command = collector.spans.find((span) => span.name === name && attributeOf(span, 'eas.device') === device);
      return collector.spans.filter(({ traceId }) => traceId === command?.traceId);
    };
    const isWhole = (steps: readonly CollectedSpan[]): boolean => steps.some(({ name }) => name === 'POST');
    await collector.until(() => isWhole(stepsOf('eas Ping', 'WAITING')));
    const steps = stepsOf('eas Ping', 'WAITING');
    const request = steps.find(({ name }) => name === 'POST') as CollectedSpan;
    expect(Number(attributeOf(request, 'http.response.status_code'))).to.equal(200);
    // What the phone asks when another one has changed something, in whose request it is announced.
    const change = collector.spans.findLast(
      (span) => span.name === 'eas Sync' && attributeOf(span, 'eas.device') === 'TALKATIVE',
    ) as CollectedSpan;
    const looks = steps.filter(
      ({ name, startTimeUnixNano }) =>
        name.startsWith('ox ') && BigInt(startTimeUnixNano) > BigInt(change.startTimeUnixNano),
    );
    expect(looks.map(({ name }) => name)).to.include('ox contacts updates');
    for (const look of looks) expect(collector.pathTo(look).slice(0, 2)).to.deep.equal(['POST', 'eas Ping']);
    // Polling goes on for as long as somebody waits, on nobody's request.
    const polls = collector.spans.filter(({ name }) => name === 'ox poll');
    for (const poll of polls) expect(poll.parentSpanId ?? '').to.equal('');
  });

  it('tells Prometheus what the operators’ guide lists, and nothing else', async () => {
    const documented = [...page('docs/operators.md').matchAll(/^\| `([a-z]+_[a-z_]+)` \|/gm)].map(([, name]) => name);
    const exposed = (await exposedNames()).filter((name) => !ofProcess.test(name));
    expect(documented.sort()).to.deep.equal(exposed.sort());
  });

  it('has every metric that the dashboard asks for, with the labels that it asks by', async () => {
    const dashboard = JSON.parse(page('packaging/grafana/oxtender.json')) as {
      panels: { targets: { expr: string }[] }[];
    };
    const queries = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    expect(queries.length).to.be.greaterThan(10);
    const text = await (await fetch(`${host.url}/metrics`)).text();
    const names = new Set(await exposedNames());
    for (const query of queries)
      for (const [, series = '', labels = ''] of query.matchAll(/\b([a-z]+_[a-z0-9_]+)\{([^}]*)\}/g)) {
        const name = names.has(series) ? series : series.replace(/_(?:bucket|count|sum)$/, '');
        expect(names.has(name), `${series} in ${query}`).to.equal(true);
        for (const [, label = ''] of labels.matchAll(/(\w+)[!=]?[=~]/g))
          if (label !== 'instance') expect(text, query).to.match(new RegExp(`^${series}\\{[^}]*${label}="`, 'm'));
      }
  });

  it('shows one device live as XML, without bodies and passwords', async () => {
    const program = join(root, 'host', 'bin', 'oxtender.js');
    const args = [program, '--data', host.data, '--json', 'trace', '--device', 'WATCHED'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const records: Record<string, string>[] = [];
    const output = createInterface({ input: child.stdout }).on('line', (line) => {
      const record = JSON.parse(line) as Record<string, string> | null;
      // A command that is interrupted has no result.
      if (record) records.push(record);
    });
    const other = await setUpPhone(host, 'OTHER');
    // What happens before the command listens is not shown: it happens again.
    while (!records.some(({ command, direction }) => command === 'Sync' && direction === 'answer')) {
      await other.sync(other.folderOfType(inbox));
      await phone.sync(phone.folderOfType(inbox));
    }
    const mime = Buffer.from('To: bob@example.com\r\nSubject: Seen\r\n\r\nA very private text');
    await sendMail(phone, { mime, saveInSent: true });
    await phone.syncAll(phone.folderOfType(5));
    while (!records.some(({ command, direction }) => command === 'SendMail' && direction === 'answer'))
      await once(output, 'line');
    child.kill('SIGINT');
    await once(child, 'close');

    expect(new Set(records.map(({ device }) => device))).to.deep.equal(new Set(['WATCHED']));
    const sync = records.find(({ command, direction }) => command === 'Sync' && direction === 'request');
    expect(sync?.['xml']).to.match(/^<Sync xmlns="AirSync"[^>]*>\n {2}<Collections>/);
    const send = records.find(({ command, direction }) => command === 'SendMail' && direction === 'request');
    expect(send?.['xml']).to.include(`<Mime>[${mime.length}]</Mime>`);
    const answer = records.find((one) => one['requestId'] === send?.['requestId'] && one['direction'] === 'answer');
    expect(answer).to.include({ http: 200 });
    const all = JSON.stringify(records);
    for (const secret of ['A very private text', alice.password, 'Authorization']) expect(all).to.not.include(secret);
    expect(sync?.['text']).to.match(/^\S+ > Sync 16\.1 alice@example\.com \(\S+\)/);
  });

  async function exposedNames(): Promise<string[]> {
    const text = await (await fetch(`${host.url}/metrics`)).text();
    return [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name = '']) => name);
  }
});

function page(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
