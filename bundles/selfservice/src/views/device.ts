import type { DeviceRecord, ItemClass, SkippedItem, WipeKind } from '@oxtender/bundle-api';
import type { FolderOption } from '../account/folder-options';
import { deviceName, mayRemove, mayWipe } from '../account/rules';
import { deviceState } from './device-state';
import { html, type Html } from './html';
import { csrfField, type Notice, type Page, type PageFrame } from './layout';
import { devicePath } from './overview';
import type { TimeFormat } from './time-format';

export interface DeviceData {
  readonly device: DeviceRecord;
  readonly folders: readonly FolderOption[];
  readonly skipped: readonly SkippedItem[];
  readonly wipeKinds: readonly WipeKind[];
}

const classes: readonly ItemClass[] = ['Email', 'Calendar', 'Contacts', 'Tasks', 'Notes'];

export function devicePageOf(frame: PageFrame, data: DeviceData, time: TimeFormat, notice?: Notice): Page {
  const { texts, base } = frame;
  const { device } = data;
  const { tone, label, text } = deviceState(device, texts);
  const content = html`<p class="back"><a href="${base}/">← ${texts.back}</a></p>
    <div class="head">
      <h1>${deviceName(device)}</h1>
      <span class="badge ${tone}">${label}</span>
    </div>
    ${text !== undefined && html`<p class="state ${tone}">${text}</p>`} ${factsCard(frame, device, time)}
    ${foldersCard(frame, data)} ${skippedCard(frame, data, time)} ${lostCard(frame, data)}`;
  return { title: deviceName(device), content, notice };
}

function factsCard({ texts }: PageFrame, device: DeviceRecord, time: TimeFormat): Html {
  const { information, protocol, protocolVersion = '' } = device;
  const facts = [
    [texts.lastSync, time(device.lastSeen)],
    [texts.firstSync, time(device.firstSeen)],
    [texts.model, information['model']],
    [texts.system, information['os']],
    [texts.deviceType, device.type],
    [texts.protocol, `${protocol.toUpperCase()} ${protocolVersion}`.trim()],
    [texts.deviceId, device.deviceId],
  ];
  const known = facts.filter(([, value]) => value !== undefined && value !== '');
  return html`<section class="card">
    <dl class="facts wide">
      ${known.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
  </section>`;
}

function foldersCard(frame: PageFrame, { device, folders }: DeviceData): Html {
  const { texts, base } = frame;
  const groups = classes.map((itemClass) => folders.filter((folder) => folder.itemClass === itemClass));
  return html`<section class="card" aria-labelledby="folders">
    <h2 id="folders">${texts.folders}</h2>
    <p>${texts.foldersText}</p>
    <form method="post" action="${devicePath(base, device)}/folders">
      ${csrfField(frame)}
      <div class="groups">${groups.filter(({ length }) => length > 0).map((group) => folderGroup(frame, group))}</div>
      <button class="primary">${texts.saveFolders}</button>
    </form>
  </section>`;
}

function folderGroup({ texts }: PageFrame, group: readonly FolderOption[]): Html {
  const [first] = group;
  return html`<fieldset>
    <legend>${first && texts[first.itemClass]}</legend>
    ${group.map((folder) => {
      const { id, name, owner, space, isChosen, isFixed } = folder;
      const sharing = space === 'public' ? texts.publicFolder : owner !== undefined && texts.sharedBy(owner);
      const remark = isFixed ? texts.always : sharing;
      return html`<label class="check"
        ><input
          type="checkbox"
          name="folder"
          value="${id}"
          ${isChosen && html` checked`}${isFixed && html` disabled`}
        />
        <span>${name}${remark !== false && html` <small>${remark}</small>`}</span></label
      >`;
    })}
  </fieldset>`;
}

function skippedCard(frame: PageFrame, { device, skipped }: DeviceData, time: TimeFormat): Html {
  const { texts, base } = frame;
  const rows = skipped.map(
    (item) =>
      html`<li>
        <div>
          <strong>${item.folderName === '' ? item.collectionId : item.folderName}</strong>
          <small>${texts.since} ${time(item.since)}</small>
          <p class="reason">${reasonOf(item, texts)}</p>
          <small class="reference">${texts.forAdministrator(item.reason)}</small>
        </div>
        <form method="post" action="${devicePath(base, device)}/resend">
          ${csrfField(frame)} <input type="hidden" name="collection" value="${item.collectionId}" /><input
            type="hidden"
            name="item"
            value="${item.itemId}"
          />
          <button>${texts.resend}</button>
        </form>
      </li>`,
  );
  return html`<section class="card" aria-labelledby="skipped">
    <h2 id="skipped">${texts.skipped}</h2>
    ${
      skipped.length === 0
        ? html`<p>${texts.noSkipped}</p>`
        : html`<p>${texts.skippedText}</p>
            <ul class="rows">
              ${rows}
            </ul>`
    }
  </section>`;
}

function reasonOf({ code }: SkippedItem, { skipReasons }: PageFrame['texts']): string {
  const sentences = new Map<string | undefined, string>(Object.entries(skipReasons));
  return sentences.get(code) ?? skipReasons.other;
}

function lostCard({ texts, base }: PageFrame, { device, wipeKinds }: DeviceData): Html | undefined {
  const canWipe = mayWipe(device) && wipeKinds.length > 0;
  if (!mayWipe(device) && !mayRemove(device)) return undefined;
  const path = devicePath(base, device);
  return html`<section class="card danger" aria-labelledby="lost">
    <h2 id="lost">${texts.lost}</h2>
    <p>${canWipe ? texts.lostText : texts.noWipe}</p>
    <p class="actions">
      ${canWipe && html`<a class="button bad" href="${path}/wipe">${texts.wipe}</a>`}
      ${mayRemove(device) && html`<a class="button" href="${path}/remove">${texts.remove}</a>`}
    </p>
  </section>`;
}
