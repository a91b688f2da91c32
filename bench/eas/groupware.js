'use strict';
const { HostClient } = require('../../host/dist/src/cli/client');
const { startHost, temporaryFolder } = require('./servers');

const userAgent = 'Mozilla/5.0 (bench)';

/** The sandbox in a host of its own: what Open-Xchange costs is not what is measured. */
class Groupware {
  #session;

  constructor(server) {
    this.server = server;
    this.url = `${server.url}/ajax`;
    this.console = new HostClient(server.folder);
  }

  static async start() {
    const set = { 'ox.sandbox.seed': 'none', 'ox.sandbox.max_rate': 0, 'ox.sandbox.push.delay': 0 };
    return new Groupware(await startHost(temporaryFolder(), ['ox-sandbox'], { core: 'other', set }));
  }

  async addUser(login) {
    await this.#run('sandbox:user-add', [login], { password: 'secret' });
  }

  /** @param counts - contacts, events, tasks, mails */
  async fill(login, counts) {
    await this.#run('sandbox:seed', [], { user: login, ...counts });
  }

  /** Logs in whom {@link sendMail} sends from. */
  async logIn(login) {
    const form = new URLSearchParams({ name: login, password: 'secret', client: 'bench', version: '1' });
    const options = { method: 'POST', headers: { 'User-Agent': userAgent }, body: form };
    const answer = await fetch(`${this.url}/login?action=login`, options);
    const cookie = answer.headers.getSetCookie().map((one) => one.split(';')[0]);
    this.#session = {
      id: (await answer.json()).session,
      headers: { 'User-Agent': userAgent, Cookie: cookie.join('; ') },
    };
  }

  /** Delivers a mail to a user of this server, who is told of it. */
  async sendMail(to) {
    const { id, headers } = this.#session;
    const body = `From: sender@bench.example\r\nTo: ${to}\r\nSubject: News\r\n\r\nIt is about time.\r\n`;
    const answer = await fetch(`${this.url}/mail?action=new&session=${id}`, { method: 'PUT', headers, body });
    const { error } = await answer.json();
    if (error) throw new Error(`mail: ${error}`);
  }

  /** What a program needs to ask the least there is to ask, as the user of {@link logIn}. */
  get question() {
    const { id, headers } = this.#session;
    const url = `${this.url}/config/currentTime?session=${id}`;
    return [url, headers.Cookie, headers['User-Agent']];
  }

  async #run(command, args, options) {
    await this.console.request({ kind: 'run', command, args, options, dryRun: false, user: 'bench' });
  }
}

module.exports = { Groupware };
