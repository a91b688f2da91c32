import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isOxtenderError } from '@oxtender/bundle-api';
import { findProgram, type MariaDbServer, sharedMariaDb } from '@oxtender/bundle-api/testing';
import { expect } from 'chai';
import { openDatabase } from '../../src/open-database';
import type { MysqlTls } from '../../src/settings';
import { mysqlSettings } from '../support/dialects';
import { RecordingLogger } from '../support/recording-logger';
import { rejection } from '../support/rejection';
import { systemClock } from '../support/system-clock';

describe('MySQL over TLS', function () {
  const folder = mkdtempSync(join(tmpdir(), 'oxtender-tls-'));
  const [certificate, key] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  let server: MariaDbServer;

  before(async function () {
    this.timeout(60_000);
    if (!findProgram('openssl') || !findProgram('mariadbd')) this.skip();
    makeCertificate(certificate, key, folder);
    const started = await sharedMariaDb();
    if (!started) return this.skip();
    server = started;
    await server.restart([`--ssl-cert=${certificate}`, `--ssl-key=${key}`]);
  });

  after(async () => {
    await (server as MariaDbServer | undefined)?.restart();
    rmSync(folder, { recursive: true });
  });

  const open = (tls: MysqlTls) =>
    openDatabase(
      { database: mysqlSettings(server, 'mysql', { host: 'localhost', tls }), updateTaskWait: 1000 },
      { clock: systemClock, logger: new RecordingLogger() },
    );

  it('encrypts, and knows the server by its certificate', async () => {
    await using database = await open({ ca: certificate, verify: true });
    await using connection = await database.connect(
      { name: 'none', entities: [], tasks: [] },
      { signal: new AbortController().signal },
    );
    const [status] = await connection.dataSource.query<[{ Value: string }]>("SHOW STATUS LIKE 'Ssl_version'");
    expect(status.Value).to.match(/^TLSv1\.[23]$/);
  });

  it('refuses a server whose certificate nobody vouches for', async () => {
    const error = await rejection(open({ verify: true }));
    expect(isOxtenderError(error, 'UNAVAILABLE')).to.equal(true);
  });

  it('takes any certificate when told so', async () => {
    await using database = await open({ verify: false });
    await database.engine.ping();
  });
});

/** Signed by itself, for the name that tests use; readable for the user that the server runs as. */
function makeCertificate(certificate: string, key: string, folder: string): void {
  const subject = ['-subj', '/CN=oxtender test', '-addext', 'subjectAltName=DNS:localhost'];
  const files = ['-keyout', key, '-out', certificate];
  const { status, stderr } = spawnSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
      ...subject,
      ...files,
    ],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  chmodSync(folder, 0o755);
  chmodSync(key, 0o644);
}
