import { DisposableStore } from '@oxtender/bundle-api';
import { element, Provision } from '@oxtender/eas';
import { Device, profiles } from '@oxtender/eas-device';
import { expect } from 'chai';
import { parse } from 'fast-plist';
import jsqr from 'jsqr';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { launchChromium } from './support/chromium';
import { DataFolder, HostProcess } from './support/host-process';
import { Person } from './support/person';

const alice = { user: 'alice@example.com', password: 'secret' };
const bob = { user: 'bob@example.com', password: 'secret' };
const phone = { viewport: { width: 390, height: 844 } };
const desktop = { viewport: { width: 1280, height: 800 } };

/** What a person would stumble over; runs in the page. */
const look = `({
  overflow: document.documentElement.scrollWidth - window.innerWidth,
  unnamed: [...document.querySelectorAll('input:not([type=hidden])')].filter((input) => input.labels.length === 0).length,
  small: [...document.querySelectorAll('button, a.button')].filter((each) => each.getBoundingClientRect().height < 36).length,
  headings: document.querySelectorAll('h1').length,
  ground: getComputedStyle(document.body).backgroundColor,
})`;

describe('the self-service page in Chromium', function () {
  this.timeout(120_000);
  const data = new DataFolder();
  const cleanUp = new DisposableStore();
  let host: HostProcess;
  let browser: Browser;
  let device: Device;
  /** What the browser complained of: refused scripts and styles, missing files, errors. */
  const complaints: string[] = [];

  before(async function () {
    const launched = await launchChromium();
    if (!launched) {
      process.stderr.write('left out: the self-service page, /usr/bin/chromium is not installed\n');
      this.skip();
    }
    browser = launched;
    cleanUp.add(() => browser.close());
    cleanUp.add(data);
    host = await HostProcess.start(data.path, { set: { 'ox.sandbox.knobs': 'true' } });
    cleanUp.add(() => host[Symbol.asyncDispose]());
    device = await newDevice('PAGEPHONE1', alice);
  });

  after(() => cleanUp.dispose());

  async function newDevice(id: string, account: typeof alice): Promise<Device> {
    const made = new Device({ url: host.url, ...account }, profiles.ios, id);
    cleanUp.add(made);
    await made.options();
    await made.provision();
    await made.folderSync();
    return made;
  }

  async function open(options: BrowserContextOptions = phone): Promise<Page> {
    const context = await browser.newContext({ locale: 'en-GB', ...options });
    cleanUp.add(() => context.close());
    const page = await context.newPage();
    page.on('console', (message) => {
      // a refused form is answered 4xx, which the console repeats
      if (message.type() === 'error' && !message.text().includes('status of 4')) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(`${host.url}/oxtender`);
    return page;
  }

  /** Presses a button that sends a form, and waits for the page that answers it: the one before may read the same. */
  async function press(page: Page, name: string | RegExp): Promise<void> {
    const answered = page.waitForEvent('load');
    await page.getByRole('button', { name }).click();
    await answered;
  }

  async function logIn(page: Page, { user, password }: typeof alice): Promise<void> {
    await page.locator('#login').fill(user);
    await page.locator('#password').fill(password);
    await press(page, /Log in|Anmelden/);
  }

  async function loggedIn(options: BrowserContextOptions = phone): Promise<Page> {
    const page = await open(options);
    await logIn(page, alice);
    await page.getByRole('heading', { level: 1 }).waitFor();
    return page;
  }

  const names = () => [...device.folders.values()].map(({ displayName }) => displayName);

  it('refuses a wrong password, keeps the name, and lets in with the right one', async () => {
    const page = await open();
    await logIn(page, { ...alice, password: 'guess' });
    expect(await page.getByRole('alert').textContent()).to.equal('User name or password is wrong.');
    expect(await page.locator('#login').inputValue()).to.equal(alice.user);
    await page.locator('#password').fill(alice.password);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'iPhone' }).waitFor();
    const [cookie] = await page.context().cookies();
    expect(cookie).to.include({ httpOnly: true, sameSite: 'Strict', path: '/oxtender' });
    await page.getByRole('button', { name: 'Log out' }).click();
    expect(await page.getByRole('status').textContent()).to.equal('You are logged out.');
    await page.goto(`${host.url}/oxtender/devices/eas/PAGEPHONE1`);
    await page.locator('#login').waitFor();
  });

  it('shows a QR code that leads a phone without a login to its settings and profile', async () => {
    const page = await loggedIn(desktop);
    await page.getByRole('link', { name: 'Set up a phone' }).click();
    const code = PNG.sync.read(await page.locator('.qr').screenshot());
    const read = jsqr(new Uint8ClampedArray(code.data), code.width, code.height);
    expect(read?.data).to.match(new RegExp(`^${host.url}/oxtender/s/[\\w-]{32}$`));

    const other = await open();
    await other.goto(read?.data ?? '');
    const settings = await other.locator('dl.settings').innerText();
    expect(settings).to.include(alice.user).and.to.include(new URL(host.url).host);
    const href = await other.getByRole('link', { name: 'Download profile' }).getAttribute('href');
    const profile = await fetch(new URL(href ?? '', host.url));
    expect(profile.headers.get('content-type')).to.equal('application/x-apple-aspen-config');
    const { PayloadType, PayloadContent } = parse(await profile.text()) as Record<string, unknown>;
    expect(PayloadType).to.equal('Configuration');
    const [account] = PayloadContent as Record<string, unknown>[];
    expect(account).to.include({
      PayloadType: 'com.apple.eas.account',
      EmailAddress: alice.user,
      UserName: alice.user,
      Host: new URL(host.url).host,
      SSL: false,
    });
    expect(account).to.not.have.property('Password');
    await other.goto(`${host.url}/oxtender/s/none`);
    expect(await other.getByRole('alert').textContent()).to.include('no longer valid');
  });

  it('chooses the folders of a device, which gets them with its next FolderSync', async () => {
    const page = await loggedIn();
    await page.getByRole('link', { name: 'iPhone' }).click();
    await page.getByRole('checkbox', { name: 'Volleyball' }).uncheck();
    await page.getByRole('checkbox', { name: 'Global address book' }).check();
    expect(await page.getByRole('checkbox', { name: /^Inbox always/ }).isDisabled()).to.equal(true);
    expect(names()).to.include('Volleyball').and.to.not.include('Global address book');
    const contacts = device.folderOfType(9);
    await device.syncAll(contacts);
    const waiting = device.ping([contacts], 3000);
    await press(page, 'Save folders');
    await page.getByText('The folders are saved.').waitFor();
    expect((await waiting).status, 'the Ping').to.equal(7);
    await device.folderSync();
    expect(names()).to.include('Global address book').and.to.not.include('Volleyball');
    expect(await page.getByRole('checkbox', { name: 'Volleyball' }).isChecked()).to.equal(false);
    await page.getByRole('checkbox', { name: 'Volleyball' }).check();
    await page.getByRole('checkbox', { name: 'Global address book' }).uncheck();
    await press(page, 'Save folders');
    await page.getByText('The folders are saved.').waitFor();
    await device.folderSync();
    expect(names()).to.include('Volleyball').and.to.not.include('Global address book');
  });

  it('has a lost phone wiped, and tells how far that is', async () => {
    const lost = await newDevice('PAGELOST', alice);
    const page = await loggedIn();
    await page.goto(`${host.url}/oxtender/devices/eas/PAGELOST`);
    await page.getByRole('link', { name: 'Erase phone' }).click();
    await page.getByRole('radio', { name: /The whole phone/ }).check();
    await page.getByRole('button', { name: 'Erase' }).click();
    expect(new URL(page.url()).pathname, 'not without consent').to.match(/\/wipe$/);
    await page.getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Erase' }).click();
    await page.getByText('To be erased', { exact: true }).waitFor();
    expect(await page.getByRole('link', { name: /Remove|Erase/ }).count()).to.equal(0);
    await lost.send('Provision', element(Provision.Provision));
    await page.reload();
    await page.getByText('Told to erase', { exact: true }).waitFor();
    const done = element(Provision.RemoteWipe, element(Provision.Status, 1));
    await lost.send('Provision', element(Provision.Provision, done));
    await page.reload();
    await page.getByText('Erased', { exact: true }).waitFor();
    expect(await host.cli('devices', 'list')).to.match(/PAGELOST.*blocked.*confirmed/);
  });

  it('removes a phone from the list', async () => {
    await newDevice('PAGEOLD', alice);
    const page = await loggedIn(desktop);
    await page.goto(`${host.url}/oxtender/devices/eas/PAGEOLD`);
    await page.getByRole('link', { name: 'Remove from list' }).click();
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByText('The phone is removed.').waitFor();
    expect(await host.cli('devices', 'list')).to.not.include('PAGEOLD');
  });

  it('shows what could not be sent to a phone, and has it sent again', async () => {
    const person = await Person.arrive(host.url, alice.user, profiles.ios, 'PAGESKIP');
    cleanUp.add(person);
    const turn = (action: string, parameters: Record<string, string> = {}) =>
      fetch(`${host.url}/ajax/sandbox?${new URLSearchParams({ action, ...parameters }).toString()}`, {
        method: 'POST',
      });
    await person.receive(`From: ${bob.user}\r\nTo: ${alice.user}\r\nSubject: Broken\r\n\r\nText\r\n`);
    await turn('fail', { on: 'mail:get', code: 'MSG-0059', count: '20' });
    await person.sync();
    await turn('reset');
    expect(person.mails('Broken')).to.deep.equal([]);

    const page = await loggedIn();
    await page.getByText('1 item not sent').waitFor();
    await page.goto(`${host.url}/oxtender/devices/eas/PAGESKIP`);
    expect(await page.locator('.reason').innerText()).to.match(/^[A-Z][a-z ]+ .*\.$/);
    expect(await page.locator('.reference').innerText()).to.include('MSG-0059');
    expect(await page.evaluate(look)).to.include({ overflow: 0, unnamed: 0, small: 0, headings: 1 });
    await page.getByRole('button', { name: 'Send again' }).click();
    await page.getByText('The item is sent again when the phone connects next.').waitFor();
    await person.sync();
    expect(person.mails('Broken')).to.have.length(1);
    await page.reload();
    expect(await page.getByRole('button', { name: 'Send again' }).count()).to.equal(0);
  });

  it('shows nobody the phone of somebody else', async () => {
    await newDevice('BOBSPHONE', bob);
    const page = await loggedIn();
    const answer = await page.goto(`${host.url}/oxtender/devices/eas/BOBSPHONE`);
    expect(answer?.status()).to.equal(404);
    expect(await page.content()).to.not.include('Bob');
  });

  it('speaks German, by the browser and by choice', async () => {
    const page = await open({ ...phone, locale: 'de-DE' });
    await page.getByRole('button', { name: 'Anmelden' }).waitFor();
    await page.getByRole('link', { name: 'English' }).click();
    await page.getByRole('button', { name: 'Log in' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).to.equal('en');
  });

  for (const [name, options] of Object.entries({ phone, desktop, dark: { ...phone, colorScheme: 'dark' as const } })) {
    it(`fits the screen, has a name for every field, and can be used by keyboard (${name})`, async () => {
      const page = await loggedIn(options);
      for (const path of ['', '/setup', '/devices/eas/PAGEPHONE1', '/devices/eas/PAGEPHONE1/wipe']) {
        await page.goto(`${host.url}/oxtender${path}`);
        const found = await page.evaluate(look);
        const ground = name === 'dark' ? 'rgb(15, 20, 28)' : 'rgb(243, 245, 249)';
        expect(found, path).to.deep.equal({ overflow: 0, unnamed: 0, small: 0, headings: 1, ground });
        await page.keyboard.press('Tab');
        expect(await page.evaluate('document.activeElement.className')).to.equal('skip');
      }
    });
  }

  it('stops answering whether a password is right after five wrong ones', async () => {
    const page = await open();
    for (let attempt = 1; attempt <= 5; attempt++) await logIn(page, { user: 'carol@example.com', password: 'x' });
    await logIn(page, { user: 'carol@example.com', password: 'x' });
    expect(await page.getByRole('alert').textContent()).to.match(/^Too many attempts/);
  });

  it('gives the browser nothing to complain of', () => {
    expect(complaints).to.deep.equal([]);
  });
});
