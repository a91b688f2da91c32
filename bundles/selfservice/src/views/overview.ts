import type { DeviceRecord } from '@oxtender/bundle-api';
import { deviceName } from '../account/rules';
import { deviceState } from './device-state';
import { html, type Html } from './html';
import type { Notice, Page, PageFrame } from './layout';
import type { TimeFormat } from './time-format';

export interface DeviceSummary {
  readonly device: DeviceRecord;
  readonly skipped: number;
}

export function devicePath(base: string, { protocol, deviceId }: DeviceRecord): string {
  return `${base}/devices/${encodeURIComponent(protocol)}/${encodeURIComponent(deviceId)}`;
}

export function overviewPage(
  frame: PageFrame,
  devices: readonly DeviceSummary[],
  time: TimeFormat,
  notice?: Notice,
): Page {
  const { texts, base } = frame;
  const content = html`<div class="head">
      <h1>${texts.title}</h1>
      <a class="button primary" href="${base}/setup">${texts.setUpPhone}</a>
    </div>
    ${
      devices.length === 0
        ? html`<section class="card empty"><p>${texts.noDevices}</p></section>`
        : html`<ul class="devices">
            ${devices.map((each) => deviceCard(frame, each, time))}
          </ul>`
    }`;
  return { title: texts.title, content, notice };
}

function deviceCard({ texts, base }: PageFrame, { device, skipped }: DeviceSummary, time: TimeFormat): Html {
  const { tone, label } = deviceState(device, texts);
  const name = deviceName(device);
  const system = device.information['os'] ?? device.type;
  return html`<li class="card device">
    <div class="top">
      <h2><a href="${devicePath(base, device)}">${name}</a></h2>
      <span class="badge ${tone}">${label}</span>
    </div>
    ${system !== name && html`<p class="sub">${system}</p>`}
    <dl class="facts">
      <dt>${texts.lastSync}</dt>
      <dd>${time(device.lastSeen)}</dd>
    </dl>
    ${skipped > 0 && html`<p class="warn">${texts.skippedCount(skipped)}</p>`}
    <p class="more" aria-hidden="true">${texts.details} →</p>
  </li>`;
}
