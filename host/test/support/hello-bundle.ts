import { join } from 'node:path';
import { writeBundle } from './bundles';
import { temporaryFolder } from './launch';

/** A component with a route, a configuration and a command, in plain JavaScript as a compiler would write it. */
export const code = `
const api = require('@oxtender/bundle-api');
class Hello {
  constructor(config, log) {
    this.config = config;
    log.info('configured', { greeting: config['hello.text'], url: config['hello.url'] });
    this.routes = async (ctx) => {
      if (ctx.path === '/slow') {
        log.info('slow begins');
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
      if (ctx.path === '/held') {
        log.info('held begins');
        for await (const chunk of ctx.req) chunk;
      }
      ctx.body = config['hello.text'];
    };
  }
}
api.Config()(Hello, undefined, 0);
api.Inject(api.Logger)(Hello, undefined, 1);
api.Component({ provides: [api.HttpRoutes], configurationPid: ['hello'], properties: { 'http.path': '/hello' } })(Hello);
class Count {
  constructor() {
    this.name = 'hello:count';
    this.description = 'count the bytes of files';
    this.args = [{ name: 'file', description: 'files', required: true, many: true, file: true }];
    this.options = [{ name: 'times', description: 'factor', type: 'number', default: 1 }];
  }
  async run({ args, options, progress }) {
    progress('counting');
    const { statSync } = require('node:fs');
    return args.map((file) => ({ file, bytes: statSync(file).size * options.times }));
  }
}
api.Component({ name: 'count', provides: [api.ConsoleCommand] })(Count);
class Other {
  constructor() {
    this.name = 'hello:other';
    this.description = 'nothing';
  }
  async run() {}
}
api.Component({ name: 'other', provides: [api.ConsoleCommand] })(Other);
class Needs {}
api.Reference(api.serviceToken('test.Missing'))(Needs, undefined, 0);
api.Component({ name: 'needs', enabled: false })(Needs);
Object.assign(exports, { Hello, Count, Other });
if (module.filename.includes('needy')) exports.Needs = Needs;
`;

export const manifest = {
  symbolicName: 'test.hello',
  activator: undefined as never,
  components: ['./index.js'],
  http: { reserves: ['/hello'] },
  configuration: {
    hello: {
      type: 'object',
      properties: {
        'hello.text': { type: 'string', default: 'hello', minLength: 1 },
        'hello.url': { type: 'string' },
        'hello.mode': { type: 'string', default: 'quiet', 'x-restart': 'bundle' },
        'hello.colour': { type: 'string', default: 'red', 'x-restart': 'none' },
        'hello.password': { type: 'string', 'x-secret': true },
      },
    },
  },
};

/** A data folder, a folder with the bundle, and the arguments that bring them together. */
export function prepareFolders(): { data: string; bundles: string; args: string[] } {
  const root = temporaryFolder();
  const bundles = join(root, 'bundles');
  writeBundle('hello', { manifest, code }, join(bundles, 'hello'));
  return { data: join(root, 'data'), bundles, args: ['--bundles', bundles, '--set', 'hello.url=${host.url}/ajax'] };
}
