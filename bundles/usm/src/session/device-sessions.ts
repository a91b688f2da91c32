import { randomUUID } from 'node:crypto';
import {
  type Clock,
  type ClusterBus,
  type DeviceAccess,
  type DeviceIdentity,
  type DeviceKey,
  type DeviceRecord,
  type GroupwareUser,
  SyncError,
} from '@oxtender/bundle-api';
import { boundedCache } from '../bounded-cache';
import type { SessionAddress } from '../tables/collection-address';
import type { IdMapping } from '../tables/id-mapping';
import type { SessionColumns, SessionStore } from '../tables/session-store';
import { DeviceSession } from './device-session';

const cachedSessions = 50_000;
/** Milliseconds that a session is believed without a look at the database: a notice that was missed hurts no longer. */
const trusted = 30_000;
/** Milliseconds between two records of when a device was seen last. */
const seenInterval = 300_000;
/** On the bus: a {@link SessionNotice}. */
const topic = 'usm.session';

/** A session was changed by a host. */
interface SessionNotice extends SessionAddress {
  readonly origin: string;
}

export interface DeviceSessionOptions {
  readonly maxDevicesPerUser: number;
  readonly newDevices: DeviceAccess;
}

/** Devices' sessions: from memory where they are fresh, made when a device is new. */
export class DeviceSessions implements Disposable {
  readonly #sessions = boundedCache<DeviceSession>(cachedSessions);
  /** Keys of {@link DeviceSessions.#sessions} by address. */
  readonly #keys = boundedCache<string>(cachedSessions);
  readonly #origin = randomUUID();
  readonly #subscription: Disposable;

  constructor(
    readonly store: SessionStore,
    private readonly mapping: IdMapping,
    private readonly bus: ClusterBus,
    private readonly clock: Clock,
    private readonly options: DeviceSessionOptions,
  ) {
    this.#subscription = bus.subscribe(topic, (message) => {
      const notice = message as SessionNotice;
      if (notice.origin !== this.#origin) this.#forget(notice);
    });
  }

  /** @throws SyncError TOO_MANY_DEVICES */
  async open(user: GroupwareUser, protocol: string, device: DeviceIdentity): Promise<DeviceSession> {
    const { contextId, userId } = user;
    const key = { contextId, userId, protocol, deviceId: device.id };
    const text = textOf(key);
    const session = this.#fresh(text) ?? (await this.#fetch(text, user, key, device));
    const seen = changesOf(session, user, device, this.clock.now());
    if (seen) await this.#write(session, seen);
    return session;
  }

  /**
   * Brings a session that a long request holds up to date.
   *
   * @returns false when the device may no longer go on: it was forgotten, is not allowed, or is to be wiped
   */
  async renew(session: DeviceSession): Promise<boolean> {
    const key = session.record;
    const text = textOf(key);
    if (this.#sessions.get(text) !== session) {
      const current = this.#fresh(text) ?? (await this.#load(key));
      if (current?.address.sessionId !== session.address.sessionId) return false;
      session.record = current.record;
      session.fields = current.fields;
    }
    return session.record.access === 'allowed' && session.record.wipe?.state !== 'requested';
  }

  /** Writes columns, and has all hosts read the session anew. */
  async update(address: SessionAddress, columns: SessionColumns): Promise<void> {
    await this.store.update(address, columns);
    this.changed(address);
  }

  async setFields(session: DeviceSession, values: Readonly<Record<string, string | undefined>>): Promise<void> {
    await this.store.setFields(session.address, values);
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) Reflect.deleteProperty(session.fields, name);
      else session.fields[name] = value;
    }
    this.#publish(session.address);
  }

  /** Tells all hosts that they must read a session anew. */
  changed(address: SessionAddress): void {
    this.#forget(address);
    this.#publish(address);
  }

  /** A device was, or may have been, told of other folders than before. */
  foldersChanged(session: DeviceSession): void {
    for (const one of [session, this.#sessions.get(textOf(session.record))]) one?.foldersChanged();
    this.#publish(session.address);
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
    this.#sessions.clear();
  }

  #fresh(text: string): DeviceSession | undefined {
    const session = this.#sessions.get(text);
    return session && this.clock.now() - session.loadedAt < trusted ? session : undefined;
  }

  async #fetch(text: string, user: GroupwareUser, key: DeviceKey, device: DeviceIdentity): Promise<DeviceSession> {
    const session = (await this.#load(key)) ?? (await this.#create(user, key, device));
    this.#sessions.set(text, session);
    this.#keys.set(addressKey(session.address), text);
    return session;
  }

  async #load(key: DeviceKey): Promise<DeviceSession | undefined> {
    const stored = await this.store.get(key);
    return stored && new DeviceSession(stored, await this.store.fields(stored.address), this.clock.now());
  }

  async #create(user: GroupwareUser, key: DeviceKey, device: DeviceIdentity): Promise<DeviceSession> {
    const now = this.clock.now();
    const { maxDevicesPerUser, newDevices } = this.options;
    const record: DeviceRecord = {
      ...key,
      login: user.login,
      type: device.type,
      ...(device.userAgent !== undefined && { userAgent: device.userAgent.slice(0, 255) }),
      ...(device.protocolVersion !== undefined && { protocolVersion: device.protocolVersion }),
      firstSeen: now,
      lastSeen: now,
      access: newDevices,
      ...(newDevices !== 'allowed' && { accessReason: 'new devices need the consent of an administrator' }),
      information: {},
    };
    const stored = await this.store.create(record, maxDevicesPerUser);
    if (!stored) throw new SyncError('TOO_MANY_DEVICES', `the user has ${maxDevicesPerUser} devices already`);
    return new DeviceSession(stored, await this.store.fields(stored.address), now);
  }

  async #write(session: DeviceSession, columns: SessionColumns): Promise<void> {
    await this.store.update(session.address, columns);
    session.seenWrittenAt = session.record.lastSeen;
  }

  #publish({ contextId, sessionId }: SessionAddress): void {
    const notice: SessionNotice = { contextId, sessionId, origin: this.#origin };
    this.bus.publish(topic, notice);
  }

  #forget(address: SessionAddress): void {
    const key = this.#keys.get(addressKey(address));
    if (key !== undefined) this.#sessions.delete(key);
    this.mapping.forget(address);
  }
}

/** Brings what the request tells of the device into the record. @returns what of it must be stored */
function changesOf(
  session: DeviceSession,
  { login }: GroupwareUser,
  { type, userAgent, protocolVersion }: DeviceIdentity,
  now: number,
): SessionColumns | undefined {
  const { record } = session;
  const given = {
    login,
    type,
    ...(userAgent !== undefined && { userAgent: userAgent.slice(0, 255) }),
    ...(protocolVersion !== undefined && { protocolVersion }),
  };
  const isNew = (Object.keys(given) as (keyof typeof given)[]).some((name) => record[name] !== given[name]);
  session.record = { ...record, ...given, lastSeen: now };
  return isNew || now - session.seenWrittenAt >= seenInterval ? { ...given, lastSeen: now } : undefined;
}

function addressKey({ contextId, sessionId }: SessionAddress): string {
  return `${contextId}/${sessionId}`;
}

function textOf({ contextId, userId, protocol, deviceId }: DeviceKey): string {
  return `${contextId}/${userId}/${protocol}\0${deviceId}`;
}
