import { renderSVG } from 'uqr';
import type { PhoneAccount } from '../session/setup-links';
import { html, Html } from './html';
import type { Page, PageFrame } from './layout';

export interface SetupData {
  readonly account: PhoneAccount;
  readonly server: { readonly host: string; readonly isSecure: boolean };
  readonly profileUrl: string;
  /** For the QR code: absolute. Absent on the phone itself. */
  readonly link?: string;
  /** How long it is good for. */
  readonly minutes: number;
}

export function setupPage(frame: PageFrame, data: SetupData): Page {
  const { texts, base } = frame;
  const { link, minutes } = data;
  const content = html`<p class="back"><a href="${base}/">← ${texts.back}</a></p>
    <h1>${texts.setUpPhone}</h1>
    <p class="lead">${texts.setUpLead}</p>
    <div class="columns">
      ${link !== undefined && qrCard(frame, link, minutes)} ${appleCard(frame, data.profileUrl)}
      ${manualCard(frame, data)}
    </div>`;
  return { title: texts.setUpPhone, content };
}

/** What the QR code leads to: the phone is not logged in. */
export function phonePage(frame: PageFrame, data: SetupData): Page {
  const { texts } = frame;
  const content = html`<h1>${texts.setUpPhone}</h1>
    <p class="lead">${texts.accountOf(data.account.displayName)}</p>
    <div class="columns">${appleCard(frame, data.profileUrl)} ${manualCard(frame, data)}</div>`;
  return { title: texts.setUpPhone, content };
}

function qrCard({ texts }: PageFrame, link: string, minutes: number): Html {
  const code = new Html(renderSVG(link, { border: 2, ecc: 'M' }));
  return html`<section class="card scan">
    <h2>${texts.scanTitle}</h2>
    <div class="qr" role="img" aria-label="${texts.qrLabel}">${code}</div>
    <p class="hint">${texts.scanText(minutes)}</p>
    <p><a href="${link}">${texts.openLink}</a></p>
  </section>`;
}

function appleCard({ texts }: PageFrame, profileUrl: string): Html {
  return html`<section class="card">
    <h2>${texts.onApple}</h2>
    <p>${texts.onAppleText}</p>
    <p><a class="button primary" href="${profileUrl}">${texts.getProfile}</a></p>
  </section>`;
}

function manualCard({ texts }: PageFrame, { account, server }: SetupData): Html {
  return html`<section class="card">
    <h2>${texts.onAndroid}</h2>
    <p>${texts.manualText}</p>
    <dl class="settings" data-copy="${texts.copy}" data-copied="${texts.copied}">
      <dt>${texts.email}</dt>
      <dd><code>${account.address}</code></dd>
      <dt>${texts.server}</dt>
      <dd><code>${server.host}</code></dd>
      <dt>${texts.user}</dt>
      <dd><code>${account.login}</code></dd>
      <dt>${texts.password}</dt>
      <dd>${texts.passwordValue}</dd>
      <dt>${texts.domain}</dt>
      <dd>${texts.empty}</dd>
      <dt>${texts.encryption}</dt>
      <dd>${server.isSecure ? texts.yes : texts.no}</dd>
    </dl>
  </section>`;
}
