import type { DeviceRecord, WipeKind } from '@oxtender/bundle-api';
import { PageError } from '../page-error';
import { removePage, wipePage } from '../views/confirm';
import { devicePageOf } from '../views/device';
import { devicePath, overviewPage } from '../views/overview';
import type { Notice } from '../views/layout';
import type { PageRequest } from './page-request';

/** `GET /` */
export async function showDevices(request: PageRequest): Promise<void> {
  const { devices } = request;
  const summaries = await Promise.all(
    (await devices.list()).map(async (device) => ({ device, skipped: (await devices.skippedItems(device)).length })),
  );
  request.render(overviewPage(request.frame, summaries, request.time, doneNotice(request)));
}

/** `GET /devices/:protocol/:device` */
export async function showDevice(request: PageRequest): Promise<void> {
  const { devices, frame, time } = request;
  const device = await deviceOf(request);
  const [folders, skipped] = await Promise.all([devices.folders(device, request), devices.skippedItems(device)]);
  const data = { device, folders, skipped, wipeKinds: devices.wipeKinds(device) };
  request.render(devicePageOf(frame, data, time, doneNotice(request)));
}

/** `POST /devices/:protocol/:device/folders` */
export async function chooseFolders(request: PageRequest): Promise<void> {
  const form = await request.userForm();
  const device = await deviceOf(request);
  await request.devices.chooseFolders(device, new Set(form.getAll('folder')), request);
  note(request, 'user chose folders', device);
  toDevice(request, device, 'folders');
}

/** `POST /devices/:protocol/:device/resend` */
export async function resend(request: PageRequest): Promise<void> {
  const form = await request.userForm();
  const [collectionId, itemId] = [form.get('collection'), form.get('item')];
  if (!collectionId || !itemId) throw new PageError('INVALID', 'no item to send again');
  const device = await deviceOf(request);
  await request.devices.resend(device, collectionId, itemId);
  note(request, 'user has an item sent again', device);
  toDevice(request, device, 'resend');
}

/** `GET /devices/:protocol/:device/wipe` */
export async function askWipe(request: PageRequest): Promise<void> {
  const device = await deviceOf(request);
  request.render(wipePage(request.frame, device, request.devices.wipeKinds(device)));
}

/** `POST /devices/:protocol/:device/wipe` */
export async function wipe(request: PageRequest): Promise<void> {
  const form = await request.userForm();
  const kind = form.get('kind');
  if (!isWipeKind(kind) || form.get('understood') !== 'yes')
    throw new PageError('INVALID', 'the wipe is not confirmed');
  const device = await deviceOf(request);
  await request.devices.wipe(device, kind);
  note(request, 'user asked for a wipe', device, { kind });
  toDevice(request, device, 'wipe');
}

/** `GET /devices/:protocol/:device/remove` */
export async function askRemove(request: PageRequest): Promise<void> {
  request.render(removePage(request.frame, await deviceOf(request)));
}

/** `POST /devices/:protocol/:device/remove` */
export async function remove(request: PageRequest): Promise<void> {
  await request.userForm();
  const device = await deviceOf(request);
  await request.devices.remove(device);
  note(request, 'user removed a device', device);
  request.redirect('/?done=remove');
}

/** Of the user alone. @throws PageError NOT_FOUND */
function deviceOf(request: PageRequest): Promise<DeviceRecord> {
  return request.devices.get(request.parameter('protocol'), request.parameter('device'));
}

function isWipeKind(kind: string | null): kind is WipeKind {
  return kind === 'account' || kind === 'full';
}

function toDevice(request: PageRequest, device: DeviceRecord, done: string): void {
  request.redirect(`${devicePath('', device)}?done=${done}`);
}

function doneNotice({ texts, context }: PageRequest): Notice | undefined {
  const { done } = texts;
  const what = String(context.query['done']);
  return Object.hasOwn(done, what) ? { kind: 'done', text: done[what as keyof typeof done] } : undefined;
}

/** For the operator. */
function note(request: PageRequest, message: string, device: DeviceRecord, more: Record<string, unknown> = {}): void {
  const { login, protocol, deviceId } = device;
  request.parts.log.info(message, { login, protocol, device: deviceId, requestId: request.requestId, ...more });
}
