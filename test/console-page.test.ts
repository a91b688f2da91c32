import { DisposableStore } from '@oxtender/bundle-api';
import { Device, profiles } from '@oxtender/eas-device';
import { expect } from 'chai';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { launchChromium } from './support/chromium';
import { DataFolder, HostProcess, root } from './support/host-process';

const alice = { user: 'alice@example.com', password: 'secret' };
const desktop = { viewport: { width: 1280, height: 800 } };
const phone = { viewport: { width: 390, height: 844 } };

/** Kept for people to look at. */
const screenshots = join(root, 'data', 'screenshots', 'console');

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
/** What a screen reader or the keyboard would stumble over, by axe's rules; runs in the page. */
const violations = `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + nodes.map(({ target }) => target).join()))`;
const overflow = 'document.documentElement.scrollWidth - window.innerWidth';

describe('the web console in Chromium', function () {
  this.timeout(180_000);
  const data = new DataFolder();
  const cleanUp = new DisposableStore();
  let host: HostProcess;
  let browser: Browser;
  let origin: string;
  /** What the browser complained of: refused scripts and styles, missing files, errors. */
  const complaints: string[] = [];

  before(async function () {
    const launched = await launchChromium();
    if (!launched) {
      process.stderr.write('left out: the web console, /usr/bin/chromium is not installed\n');
      this.skip();
    }
    mkdirSync(screenshots, { recursive: true });
    browser = launched;
    cleanUp.add(() => browser.close());
    cleanUp.add(data);
    host = await HostProcess.start(data.path, { set: { 'console.port': '0', 'console.sample_seconds': '1' } });
    cleanUp.add(() => host[Symbol.asyncDispose]());
    origin = new URL(await link()).origin;
    const device = new Device({ url: host.url, ...alice }, profiles.ios, 'CONSOLEPHONE');
    cleanUp.add(device);
    await device.options();
    await device.provision();
    await device.folderSync();
  });

  after(async () => {
    await cleanUp.dispose();
    expect(complaints, 'complaints of the browser').to.deep.equal([]);
  });

  async function link(...options: readonly string[]): Promise<string> {
    const answer = JSON.parse(await host.cli('console', 'login', '--json', ...options)) as { link: string };
    return answer.link;
  }

  async function open(options: BrowserContextOptions = desktop): Promise<Page> {
    const context = await browser.newContext({ locale: 'en-GB', ...options });
    cleanUp.add(() => context.close());
    const page = await context.newPage();
    page.on('console', (message) => {
      // what is refused is answered 4xx, and 503 without its bundle, which the browser's console repeats
      if (message.type() === 'error' && !/status of (4|503)/.test(message.text())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    return page;
  }

  async function loggedIn(path = '/', options: BrowserContextOptions = desktop, role = 'admin'): Promise<Page> {
    const page = await open(options);
    await page.goto(await link('--role', role, '--user', 'anna'));
    await heading(page, 'Overview').waitFor();
    if (path !== '/') await page.goto(origin + path);
    await page.locator('h1').waitFor();
    return page;
  }

  const heading = (page: Page, name: string | RegExp): Locator => page.getByRole('heading', { level: 1, name });
  /** Of a bundle: others may name it in their notes. */
  const rowOf = (page: Page, name: string): Locator =>
    page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
  const dialogOf = (page: Page): Locator => page.getByRole('dialog');

  it('lets in by a link, once; the link is not left in the address', async () => {
    const once = await link('--user', 'anna');
    const page = await open();
    await page.goto(once);
    await heading(page, 'Overview').waitFor();
    expect(page.url()).to.equal(`${origin}/`);
    const [cookie] = await page.context().cookies();
    expect(cookie).to.include({ httpOnly: true, sameSite: 'Strict', path: '/' });

    const other = await open();
    await other.goto(once);
    expect(await other.getByRole('alert').textContent()).to.include('used before');
    await other.screenshot({ path: join(screenshots, 'login.png') });
    await other.evaluate(axe);
    expect(await other.evaluate(violations)).to.deep.equal([]);

    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByText('You are logged out.').waitFor();
    await page.goto(`${origin}/bundles`);
    await heading(page, 'OXtender console').waitFor();
  });

  it('shows what a stop would do, does it, and says why others wait', async () => {
    const page = await loggedIn('/bundles');
    const stop = rowOf(page, 'storage').getByRole('button', { name: 'Stop' });
    await stop.focus();
    await page.keyboard.press('Enter');
    await dialogOf(page).getByText('usm of usm').waitFor();
    const plan = await dialogOf(page).innerText();
    expect(plan).to.include('Routes that answer 503').and.include('/Microsoft-Server-ActiveSync');
    await page.screenshot({ path: join(screenshots, 'consequences.png') });
    await page.keyboard.press('Escape');
    await dialogOf(page).waitFor({ state: 'detached' });
    expect(await host.cli('bundles', 'storage'), 'nothing was done').to.include('ACTIVE');

    await stop.click();
    await dialogOf(page).getByText('usm of usm').waitFor();
    await dialogOf(page).getByRole('button', { name: 'Stop' }).click();
    await page.getByText('storage is stopped.').waitFor();
    await rowOf(page, 'storage').getByText('stopped').first().waitFor();
    await rowOf(page, 'usm').getByText('waiting: storage.Database').waitFor();
    await page.getByRole('link', { name: 'usm', exact: true }).click();
    await page.getByText(/since bundle storage was stopped/).waitFor();
    await page.screenshot({ path: join(screenshots, 'why.png') });

    await page.goto(`${origin}/devices`);
    expect(await page.getByRole('alert').textContent()).to.include('not running');
    await host.cli('start', 'storage');
    // The page notices by itself.
    await page.getByRole('link', { name: 'CONSOLEPHONE' }).waitFor();
    await page.goto(`${origin}/bundles`);
    await rowOf(page, 'storage').getByText('active').waitFor();
    await page.goto(`${origin}/audit`);
    await page.getByRole('row').filter({ hasText: 'stop storage' }).filter({ hasText: 'console:anna' }).waitFor();
  });

  it('notices what is done on the command line', async () => {
    const page = await loggedIn('/bundles');
    await host.cli('disable', 'ajp');
    await rowOf(page, 'ajp').getByText('disabled').first().waitFor();
    await rowOf(page, 'ajp').getByRole('button', { name: 'Enable' }).click();
    await dialogOf(page).getByText('Starts').waitFor();
    await dialogOf(page).getByRole('button', { name: 'Enable' }).click();
    await rowOf(page, 'ajp').getByText('active').waitFor();
  });

  it('lets a reader look, and change nothing', async () => {
    const page = await loggedIn('/bundles', desktop, 'read');
    await rowOf(page, 'storage').waitFor();
    await page.getByText('read-only').waitFor();
    expect(await page.locator('td.actions, .head .actions').count()).to.equal(0);
    await page.goto(`${origin}/configurations/eas`);
    expect(await page.locator('.key input').first().isDisabled()).to.equal(true);
    const refused = await page.evaluate(`fetch('/api/bundles/storage/stop', { method: 'POST', body: '{"dryRun":false}',
      headers: { 'Content-Type': 'application/json' } }).then((answer) => answer.status)`);
    expect(refused).to.equal(403);
    expect(await host.cli('bundles', 'storage')).to.include('ACTIVE');
  });

  it('checks a value before it is saved, saves it in its file, and takes it out again', async () => {
    const key = 'com.openexchange.usm.eas.mail.time_limit';
    const file = () => readFileSync(join(data.path, 'conf', 'eas.properties'), 'utf8');
    const page = await loggedIn('/configurations/eas');
    const field = page.locator('.key').filter({ hasText: key });
    await field.getByRole('textbox').fill('-4');
    await field.getByText('must be at least 0').waitFor();
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).to.equal(true);
    await field.getByRole('textbox').fill('30');
    await page.getByRole('button', { name: 'Save' }).click();
    expect(await dialogOf(page).getByRole('table').innerText())
      .to.include(key)
      .and.include('30');
    await page.screenshot({ path: join(screenshots, 'saving.png') });
    await dialogOf(page).getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved, and in effect.').waitFor();
    expect(file()).to.include(`${key} = 30`).and.include('# Days of mail');
    await field.getByText('from eas.properties').waitFor();
    await field.getByRole('button', { name: /Default/ }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await dialogOf(page).getByRole('button', { name: 'Save' }).click();
    await field.getByText('from eas.properties').waitFor({ state: 'detached' });
    expect(file()).to.not.include(`${key} =`);
  });

  it('keeps placeholders as they are written, and saves several keys at once', async () => {
    const eas = 'com.openexchange.usm.eas';
    const path = join(data.path, 'conf', 'eas.properties');
    const before = readFileSync(path, 'utf8');
    const written = {
      limit: `${eas}.mail.time_limit = \${env:NOBODY:-14}\n`,
      process: `${eas}.meetings.process_mails = \${env:NOBODY:-true}\n`,
      exempt: `${eas}.policy.exempt_devices = \${env:NOBODY:-old\\, phone}, other\n`,
    };
    writeFileSync(path, before + written.limit + written.process + written.exempt);
    const page = await loggedIn('/configurations/eas');
    const fieldOf = (key: string) => page.locator('.key').filter({ hasText: `${eas}.${key}` });
    await fieldOf('meetings.process_mails').getByText('now true').waitFor();
    expect(await fieldOf('meetings.process_mails').getByRole('textbox').inputValue()).to.equal('${env:NOBODY:-true}');
    await fieldOf('mail.time_limit').getByText('now 14').waitFor();
    await fieldOf('mail.time_limit')
      .getByRole('button', { name: /Default/ })
      .click();
    const exempt = fieldOf('policy.exempt_devices').getByRole('textbox');
    expect(await exempt.inputValue()).to.equal('${env:NOBODY:-old, phone}\nother');
    await exempt.fill(`${await exempt.inputValue()}\nthird`);
    await page.getByText('2 changed.').waitFor();
    const audited = async () => (JSON.parse(await host.cli('history', '--json')) as unknown[]).length;
    const changes = await audited();
    await page.getByRole('button', { name: 'Save' }).click();
    await dialogOf(page).getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved, and in effect.').waitFor();
    const exempted = written.exempt.replace('\n', ', third\n');
    expect(readFileSync(path, 'utf8')).to.equal(before + written.process + exempted);
    expect(await audited(), 'one change').to.equal(changes + 1);
    writeFileSync(path, before);
  });

  it('takes a secret, and shows it never again', async () => {
    const page = await loggedIn('/configurations/storage');
    const answers: string[] = [];
    page.on(
      'response',
      (response) =>
        void response.text().then(
          (text) => answers.push(text),
          () => undefined,
        ),
    );
    const field = page.locator('.key').filter({ hasText: 'mysql.password' });
    await field.locator('input').fill('geheim-42');
    await page.getByRole('button', { name: 'Save' }).click();
    await dialogOf(page).getByText('mysql.password').waitFor();
    expect(await dialogOf(page).innerText()).to.not.include('geheim');
    await dialogOf(page).getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved, and in effect.').waitFor();
    await page.reload();
    await field.getByText('from storage.properties').waitFor();
    expect(await field.locator('input').inputValue()).to.equal('');
    expect(answers.join()).to.not.include('geheim');
    expect(await host.cli('history', '--json')).to.not.include('geheim');
    await host.cli('config', 'delete', 'storage', 'mysql.password');
  });

  it('finds a device, blocks and allows it, and wipes it only with consent', async () => {
    const page = await loggedIn('/devices');
    await page.getByLabel('Find a user').fill('alice');
    await page.getByRole('link', { name: 'CONSOLEPHONE' }).click();
    await page.getByRole('row').filter({ hasText: 'Inbox' }).first().waitFor();
    await page.getByRole('button', { name: 'Block' }).click();
    await page.getByLabel('Reason').fill('lost in a train');
    await dialogOf(page).getByRole('button', { name: 'Block' }).click();
    await page.getByText('lost in a train').waitFor();
    expect(await host.cli('devices', 'show', 'CONSOLEPHONE')).to.include('lost in a train');
    await page.getByRole('button', { name: 'Allow' }).click();
    await dialogOf(page).getByRole('button', { name: 'Allow' }).click();
    await page.getByText('The device may synchronise.').waitFor();

    await page.getByRole('button', { name: 'Wipe device' }).click();
    const wipe = dialogOf(page).getByRole('button', { name: 'Wipe device' });
    await dialogOf(page).getByText('alice@example.com').waitFor();
    expect(await wipe.isDisabled()).to.equal(true);
    await dialogOf(page).getByRole('checkbox').check();
    await wipe.click();
    await page.getByText('full, requested').waitFor();
    await page.getByRole('button', { name: 'Cancel wipe' }).click();
    await dialogOf(page).getByRole('button', { name: 'Cancel wipe' }).click();
    await page.getByText('The wipe is taken back.').waitFor();
    expect(await host.cli('devices', 'show', 'CONSOLEPHONE')).to.not.include('requested');
  });

  it('has a device begin anew, and forgets one with consent', async () => {
    const lost = new Device({ url: host.url, ...alice }, profiles.ios, 'CONSOLELOST');
    cleanUp.add(lost);
    await lost.options();
    await lost.provision();
    await lost.folderSync();
    const contacts = lost.folderOfType(9);
    await lost.syncAll(contacts);
    const page = await loggedIn('/devices');
    await page.getByRole('link', { name: 'CONSOLELOST' }).click();
    await page.locator('.head .actions').getByRole('button', { name: 'Resync' }).click();
    await dialogOf(page).getByText('alice@example.com').waitFor();
    await dialogOf(page).getByRole('button', { name: 'Resync' }).click();
    await page.getByText('The device begins anew.').waitFor();
    expect((await lost.sync(contacts)).status).to.not.equal(1);

    await page.getByRole('button', { name: 'Quarantine' }).click();
    await dialogOf(page).getByRole('button', { name: 'Quarantine' }).click();
    await page.getByText('The device waits for consent.').waitFor();
    expect(await host.cli('devices', 'list')).to.match(/CONSOLELOST.*quarantined/);

    await page.getByRole('button', { name: 'Delete' }).click();
    await dialogOf(page).getByText('alice@example.com').waitFor();
    await dialogOf(page).getByRole('checkbox').check();
    await dialogOf(page).getByRole('button', { name: 'Delete' }).click();
    await heading(page, 'Devices').waitFor();
    expect(await host.cli('devices', 'list')).to.not.include('CONSOLELOST');
  });

  it('draws figures as they come, and has them as text', async () => {
    const page = await loggedIn('/live');
    const key = page.locator('figure').filter({ hasText: 'Memory' }).locator('.key');
    await key.getByText(/\d/).waitFor();
    await page.getByText('The last figures as a table').click();
    const lines = page.getByRole('table', { name: 'The last figures' }).getByRole('row');
    await lines.nth(3).waitFor();
    const drawn = await page.evaluate(`[...document.querySelectorAll('canvas')].filter((canvas) =>
      canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((byte) => byte !== 0)).length`);
    expect(drawn).to.equal(9);
  });

  it('follows the log, by level, logger and text', async () => {
    const page = await loggedIn('/log');
    await page.getByLabel('Logger begins with').fill('host.admin');
    await page.keyboard.press('Enter');
    await host.cli('log', 'level', 'oxtender.ajp', 'default');
    const log = page.getByRole('region', { name: 'Lines of the log' });
    await log.getByText('command=log level').first().waitFor();
    await page.getByLabel('Level').selectOption('error');
    await log.getByText('No line matches.').waitFor();
  });

  it('can be used by keyboard: past the navigation, in a dialog and back', async () => {
    const page = await loggedIn('/bundles');
    await rowOf(page, 'storage').waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).to.equal('Skip to content');
    await rowOf(page, 'ajp').getByRole('button', { name: 'Stop' }).focus();
    await page.keyboard.press('Enter');
    await dialogOf(page).waitFor();
    for (let press = 0; press < 6; press++) {
      await page.keyboard.press('Tab');
      expect(
        await page.evaluate('document.activeElement === document.body || !!document.activeElement.closest("dialog")'),
      ).to.equal(true);
    }
    await page.keyboard.press('Escape');
    await dialogOf(page).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Health', exact: true }).click();
    await heading(page, 'Health').waitFor();
    expect(await page.evaluate('document.activeElement.tagName')).to.equal('MAIN');
    expect(await page.title()).to.equal('Health – OXtender console');
  });

  const pages = {
    overview: '/',
    bundles: '/bundles',
    bundle: '/bundles/eas',
    components: '/components',
    component: '/components/usm',
    services: '/services',
    configurations: '/configurations',
    configuration: '/configurations/ox-bridge',
    devices: '/devices',
    device: `/devices/eas/${encodeURIComponent(alice.user)}/CONSOLEPHONE`,
    live: '/live',
    log: '/log',
    health: '/health',
    audit: '/audit',
  };
  const screens = {
    desktop,
    'desktop-dark': { ...desktop, colorScheme: 'dark' as const },
    phone,
    'phone-dark': { ...phone, colorScheme: 'dark' as const },
  };
  for (const [screen, options] of Object.entries(screens)) {
    it(`fits the screen, and axe finds nothing (${screen})`, async () => {
      const page = await loggedIn('/', options);
      for (const [name, path] of Object.entries(pages)) {
        await page.goto(origin + path);
        await page.locator('h1').waitFor();
        await page.locator('.waiting').first().waitFor({ state: 'detached' });
        await page.screenshot({ path: join(screenshots, `${name}-${screen}.png`) });
        await page.evaluate(axe);
        expect(await page.evaluate(violations), path).to.deep.equal([]);
        expect(await page.evaluate(overflow), path).to.equal(0);
      }
    });
  }

  it('is not to be had on the port of the devices', async () => {
    for (const path of ['/api/session', '/bundles', '/login'])
      expect((await fetch(host.url + path)).status, path).to.equal(404);
  });
});
