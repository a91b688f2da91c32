import type { DeviceRecord, WipeKind } from '@oxtender/bundle-api';
import { deviceName } from '../account/rules';
import { html, type Html } from './html';
import { csrfField, type Page, type PageFrame } from './layout';
import { devicePath } from './overview';

export function wipePage(frame: PageFrame, device: DeviceRecord, kinds: readonly WipeKind[]): Page {
  const { texts, base } = frame;
  const title = texts.wipeTitle(deviceName(device));
  const path = devicePath(base, device);
  const content = html`<section class="card narrow danger">
    <h1>${title}</h1>
    <form method="post" action="${path}/wipe">
      ${csrfField(frame)}
      <fieldset class="choices">
        <legend class="hidden">${title}</legend>
        ${kinds.map((kind, at) => choice(frame, kind, at === 0))}
      </fieldset>
      <label class="check"
        ><input type="checkbox" name="understood" value="yes" required /><span>${texts.wipeUnderstood}</span></label
      >
      <p class="actions">
        <button class="bad">${texts.wipeNow}</button><a class="button" href="${path}">${texts.cancel}</a>
      </p>
    </form>
  </section>`;
  return { title, content };
}

export function removePage(frame: PageFrame, device: DeviceRecord): Page {
  const { texts, base } = frame;
  const title = texts.removeTitle(deviceName(device));
  const path = devicePath(base, device);
  const content = html`<section class="card narrow">
    <h1>${title}</h1>
    <p>${texts.removeText}</p>
    <form method="post" action="${path}/remove">
      ${csrfField(frame)}
      <p class="actions">
        <button class="bad">${texts.removeNow}</button><a class="button" href="${path}">${texts.cancel}</a>
      </p>
    </form>
  </section>`;
  return { title, content };
}

function choice({ texts }: PageFrame, kind: WipeKind, isFirst: boolean): Html {
  const isAccount = kind === 'account';
  return html`<label class="choice"
    ><input type="radio" name="kind" value="${kind}" ${isFirst && html` checked`} />
    <span
      ><strong>${isAccount ? texts.wipeAccount : texts.wipeFull}</strong>
      <small>${isAccount ? texts.wipeAccountText : texts.wipeFullText}</small></span
    ></label
  >`;
}
