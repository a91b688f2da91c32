import { OxtenderError } from '@oxtender/bundle-api';
import { expect } from 'chai';
import { Logging } from '../../src/log/logging';

interface Written {
  readonly lines: Record<string, unknown>[];
  readonly logging: Logging;
}

function make(bufferSize = 10): Written {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
  return { lines, logging: new Logging({ clock: { now: () => 1234 }, destination, bufferSize }) };
}

describe('log (rule B5)', () => {
  it('writes JSON lines with the name, the fields of all parents and the time of the clock', () => {
    const { lines, logging } = make();
    logging.logger('oxtender.eas', { 'bundle.id': 4 }).child({ device: 'd' }, 'sync').info('done', { added: 2 });
    expect(lines).to.deep.equal([
      { level: 'info', time: 1234, name: 'oxtender.eas.sync', 'bundle.id': 4, device: 'd', added: 2, msg: 'done' },
    ]);
  });

  it('B5 the longest prefix of the name decides the level, and a change counts at once', () => {
    const { lines, logging } = make();
    const [sync, other] = [logging.logger('oxtender.eas.sync'), logging.logger('oxtender.usm')];
    logging.setLevel('oxtender', 'warn');
    logging.setLevel('oxtender.eas', 'debug');
    for (const log of [sync, other]) {
      log.debug('fine');
      log.info('middle');
      log.warn('coarse');
    }
    expect(lines.map(({ name, msg }) => `${String(name)} ${String(msg)}`)).to.deep.equal([
      'oxtender.eas.sync fine',
      'oxtender.eas.sync middle',
      'oxtender.eas.sync coarse',
      'oxtender.usm coarse',
    ]);
    logging.setLevel('oxtender.eas', undefined);
    expect(sync.isEnabled('info')).to.equal(false);
    logging.setLevel('', 'error');
    logging.setLevel('oxtender', undefined);
    expect(sync.isEnabled('warn')).to.equal(false);
    expect(logging.levels()).to.deep.equal({ '': 'error' });
    expect(logging.logger('oxtender.easy').isEnabled('debug')).to.equal(false);
  });

  it('B5 keeps the last lines, tells listeners, and forgets the oldest', () => {
    const { logging } = make(2);
    const heard: string[] = [];
    const listening = logging.listen(({ message }) => void heard.push(message));
    const log = logging.logger('a');
    for (const text of ['one', 'two', 'three']) log.info(text);
    listening[Symbol.dispose]();
    log.info('four');
    expect(heard).to.deep.equal(['one', 'two', 'three']);
    expect(logging.entries().map(({ message }) => message)).to.deep.equal(['three', 'four']);
    expect(logging.entries()[1]).to.deep.equal({ time: 1234, level: 'info', name: 'a', message: 'four', fields: {} });
  });

  it('writes an error with its causes, and nothing else of it', () => {
    const { lines, logging } = make();
    const cause = Object.assign(new AggregateError([new Error('inner')], 'several'), {
      request: { password: 'geheim' },
    });
    logging.logger('a').error('failed', { error: new OxtenderError('CODE', 'outer', { cause }) });
    const error = lines[0]!.error as Record<string, unknown>;
    expect(error).to.include({ type: 'OxtenderError', code: 'CODE', message: 'outer' });
    expect(error.cause).to.deep.include({ type: 'AggregateError', message: 'several' });
    expect(JSON.stringify(lines)).to.not.contain('geheim');
  });

  it('redacts credentials wherever a careless line puts them, in the buffer too', () => {
    const { lines, logging } = make();
    const request = { headers: [{ Authorization: 'Basic geheim' }, { 'Set-Cookie': 'geheim' }] };
    logging
      .logger('a', { login: { password: 'geheim' } })
      .child({ secret: 'geheim' })
      .info('login', {
        password: 'geheim',
        headers: { authorization: 'geheim', cookie: 'geheim', host: 'h' },
        request,
      });
    expect(JSON.stringify([lines, logging.entries()])).to.not.contain('geheim');
    expect(lines[0]!.headers).to.include({ host: 'h' });
  });

  it('leaves the fields of the caller as they are, and writes those that lead back to themselves', () => {
    const { lines, logging } = make();
    const fields: Record<string, unknown> = { password: 'geheim', device: 'd' };
    fields.self = fields;
    logging.logger('a').info('round', fields);
    expect(fields.password).to.equal('geheim');
    expect(lines[0]).to.include({ device: 'd', password: '[Redacted]' });
    expect(JSON.stringify(lines)).to.not.contain('geheim');
  });
});
