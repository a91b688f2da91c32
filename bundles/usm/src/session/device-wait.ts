import type { WaitRequest } from '@oxtender/bundle-api';
import { choiceField, readChoice } from '../hierarchy/folder-choice';
import { listFolders } from '../hierarchy/hierarchy-exchange';
import { isSameHierarchy } from '../hierarchy/hierarchy-state';
import { HierarchyStates } from '../hierarchy/hierarchy-states';
import { Mark } from '../state/entry';
import type { Collection } from '../sync/collection';
import { addressText, hierarchyObject, type SessionAddress } from '../tables/collection-address';
import type { SharedLooks } from '../wait/shared-looks';
import type { JoinedWatch } from '../wait/user-watches';
import type { UserWatch } from '../wait/user-watch';
import type { Wait } from '../wait/waiter';
import type { DeviceSession } from './device-session';
import type { SharedLogin } from './login-cache';
import { hierarchyServices, type UsmServices } from './usm-services';

/** What a wait is made of. */
export interface WaitParts {
  readonly services: UsmServices;
  readonly device: DeviceSession;
  readonly login: SharedLogin;
  /** Left when the wait is over. */
  readonly joined: JoinedWatch;
  readonly collections: readonly Collection[];
}

type Look = () => Promise<boolean>;

const begin = (look: Look): Promise<boolean> => look();

/** A wait of a device. Thousands are held for an hour: it has no more than it needs to look. */
export class DeviceWait implements Wait {
  readonly collections: readonly Collection[];
  readonly hierarchy: boolean;
  readonly timeout: number;
  readonly signal: AbortSignal;
  readonly end: AbortSignal | undefined;
  readonly #services: UsmServices;
  readonly #device: DeviceSession;
  readonly #login: SharedLogin;
  readonly #joined: JoinedWatch;
  /** Whoever announces a change makes the device look: what that costs belongs to the device's request. */
  readonly #inTrace: (look: Look) => Promise<boolean>;

  constructor(
    { services, device, login, joined, collections }: WaitParts,
    { hierarchy, timeout, signal, end }: WaitRequest,
  ) {
    this.collections = collections;
    this.hierarchy = hierarchy;
    this.timeout = timeout;
    this.signal = signal;
    this.end = end;
    this.#services = services;
    this.#device = device;
    this.#login = login;
    this.#joined = joined;
    this.#inTrace = services.tracer.bind(begin);
  }

  get session(): SessionAddress {
    return this.#device.address;
  }

  get user(): string {
    const { contextId, userId } = this.#device.record;
    return `${contextId}/${userId}`;
  }

  get watch(): UserWatch {
    return this.#joined.watch;
  }

  ended(): void {
    this.#joined[Symbol.dispose]();
  }

  /** Since the last key that the device was told; what leaves the filter is no reason to wake it. */
  hasChanges(collection: Collection): Promise<boolean> {
    return this.#inTrace(() => this.#hasChanges(collection));
  }

  /** Also true when the device must hear that it may not go on. */
  hasHierarchyChanges(): Promise<boolean> {
    return this.#inTrace(() => this.#hasHierarchyChanges());
  }

  #hasChanges(collection: Collection): Promise<boolean> {
    const { states, locks } = this.#services;
    const options = { signal: this.signal, listings: this.#sharedLooks };
    // Not while a sync is at work: what it writes it has not told itself yet.
    return locks.exclusively([collection.address], options, async () => {
      const newest = (await states.rows(collection.address)).at(-1);
      if (!newest) return false;
      const { state } = await states.refreshAsSynced(collection, newest, options);
      return state.pending > state.count(Mark.SoftDelete);
    });
  }

  async #hasHierarchyChanges(): Promise<boolean> {
    const device = this.#device;
    const { watch, signal } = this;
    if (!(await this.#services.sessions.renew(device))) return true;
    if (watch.isHierarchyQuietSince(device.hierarchyAsked)) return false;
    const asked = watch.point;
    const services = hierarchyServices(this.#services);
    const address = { ...device.address, objectId: hierarchyObject };
    const known = await (await HierarchyStates.open(services, address)).newest();
    const choice = readChoice(device.field(choiceField));
    const folders = await listFolders(services, { address, groupware: this.#sharedLooks, choice }, { signal });
    if (!isSameHierarchy(known?.folders ?? [], folders)) return true;
    device.hierarchyAsked = asked;
    return false;
  }

  get #sharedLooks(): ReturnType<SharedLooks['of']> {
    const device = addressText({ ...this.session, objectId: hierarchyObject });
    return this.watch.looks.of({ device, groupware: this.#login.groupware });
  }
}
