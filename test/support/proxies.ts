import { freePort } from '@oxtender/bundle-api/testing';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { DataFolder, root } from './host-process';

/** Where the host listens, as `127.0.0.1:PORT`. */
export interface Behind {
  readonly http: string;
  readonly ajp: string;
}

/** One of the web servers whose configuration the project ships. */
export interface ProxyKind {
  readonly name: string;
  /** Debian's package, and the program that it brings. */
  readonly package: string;
  readonly program: string;
  /** True when the host hears at once that a phone has gone away while it waited. */
  readonly tellsOfAborts: boolean;
  /** Writes the configuration. @returns the arguments of the program */
  prepare(folder: string, port: number, behind: Behind): readonly string[];
}

/** Debian's modules, none of which are compiled in. */
const apacheModules = ['mpm_event', 'authz_core', 'reqtimeout', 'headers', 'proxy'];

function apache(name: string, module: string, file: string): ProxyKind {
  return {
    name,
    package: 'apache2',
    program: '/usr/sbin/apache2',
    tellsOfAborts: false,
    prepare(folder, port, behind) {
      const main = [
        `ServerRoot ${folder}`,
        `DefaultRuntimeDir ${folder}`,
        `PidFile ${join(folder, 'pid')}`,
        `ErrorLog ${join(folder, 'error.log')}`,
        ...[...apacheModules, module].map(
          (each) => `LoadModule ${each}_module /usr/lib/apache2/modules/mod_${each}.so`,
        ),
        ...(process.getuid?.() === 0 ? ['User www-data', 'Group www-data'] : []),
        'ServerName localhost',
        'RequestReadTimeout header=20-40,minrate=500 body=10,minrate=500',
        `Listen 127.0.0.1:${port}`,
        `Include ${shipped(folder, `apache2/${file}`, behind)}`,
      ];
      writeFileSync(join(folder, 'main.conf'), `${main.join('\n')}\n`);
      return ['-D', 'FOREGROUND', '-f', join(folder, 'main.conf')];
    },
  };
}

const nginx: ProxyKind = {
  name: 'nginx',
  package: 'nginx',
  program: '/usr/sbin/nginx',
  tellsOfAborts: true,
  prepare(folder, port, behind) {
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (each) => `${each}_temp_path ${join(folder, each)};`,
    );
    const main = `
      daemon off;
      pid ${join(folder, 'pid')};
      error_log ${join(folder, 'error.log')} warn;
      ${process.getuid?.() === 0 ? 'user root;' : ''}
      events { }
      http {
        access_log off;
        ${temporary.join('\n')}
        include ${shipped(folder, 'nginx/oxtender-upstream.conf', behind)};
        server {
          listen 127.0.0.1:${port};
          include ${shipped(folder, 'nginx/oxtender.conf', behind)};
        }
      }`;
    writeFileSync(join(folder, 'main.conf'), main);
    return ['-p', folder, '-e', join(folder, 'error.log'), '-c', join(folder, 'main.conf')];
  },
};

const haproxy: ProxyKind = {
  name: 'HAProxy',
  package: 'haproxy',
  program: '/usr/sbin/haproxy',
  tellsOfAborts: true,
  prepare(folder, port, behind) {
    const file = shipped(folder, 'haproxy/oxtender.cfg', behind, [/^( *bind) .*$/m, `$1 127.0.0.1:${port}`]);
    return ['-db', '-f', file];
  },
};

export const proxyKinds: readonly ProxyKind[] = [
  apache('Apache, mod_proxy_http', 'proxy_http', 'oxtender.conf'),
  apache('Apache, mod_proxy_ajp', 'proxy_ajp', 'oxtender-ajp.conf'),
  nginx,
  haproxy,
];

/** A copy of a shipped file, with addresses of its own. */
function shipped(folder: string, name: string, behind: Behind, more?: readonly [RegExp, string]): string {
  const source = readFileSync(join(root, 'packaging', 'proxy', name), 'utf8');
  const text = source.replaceAll('127.0.0.1:8080', behind.http).replaceAll('127.0.0.1:8009', behind.ajp);
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), more ? text.replace(...more) : text);
  return join(folder, name);
}

/** A real web server with a shipped configuration, on a port of its own. */
export class Proxy implements AsyncDisposable {
  private constructor(
    readonly kind: ProxyKind,
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly folder: DataFolder,
  ) {}

  /** @returns undefined where the program is not installed */
  static async start(kind: ProxyKind, behind: Behind): Promise<Proxy | undefined> {
    if (!existsSync(kind.program)) {
      process.stderr.write(`left out: ${kind.name}. As root: apt-get install ${kind.package}\n`);
      return undefined;
    }
    const folder = new DataFolder();
    const port = await freePort();
    const args = kind.prepare(folder.path, port, behind);
    const child = spawn(kind.program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const said: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
    while (!(await accepts(port))) {
      if (child.exitCode !== null) throw new Error(`${kind.name} ended: ${Buffer.concat(said).toString()}`);
    }
    return new Proxy(kind, `http://127.0.0.1:${port}`, child, folder);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      await ended;
    }
    this.folder[Symbol.dispose]();
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
