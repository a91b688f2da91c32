import {
  type Cancellable,
  type Directory,
  type FolderRole,
  type FreeBusy,
  GroupwareError,
  type Invitations,
  type ItemClass,
  type MailStore,
  type OutOfOfficeSettings,
} from '@oxtender/bundle-api';
import type { OxClient } from '../http/ox-client';
import type { SharedAccount } from '../session/shared-account';
import { typedFailures } from '../typed-failures';
import type { Announcer } from '../watch/announcer';
import { type OxCalendar, oxCalendar } from './calendar';
import { ContactStore } from './contacts';
import { defaultFolders } from './default-folders';
import { OxDirectory } from './directory';
import { FileChanges } from './file-changes';
import { OxFolders } from './folders';
import { OxFreeBusy } from './free-busy';
import { OxInvitations } from './invitations';
import type { ItemFiles } from './item-files';
import type { ItemStore } from './item-store';
import { MailSearch } from './mail/mail-search';
import { OxMailStore } from './mail/mail-services';
import { MailItems } from './mail/mail-store';
import { OxOutOfOffice } from './mailfilter';
import { PeopleDirectory } from './people-directory';
import { TaskStore } from './tasks';

type Stores = { readonly [C in ItemClass]?: () => ItemStore<C> };

/** The modules of OX for one handle on a session. Each is made when it is first asked for: a request asks one or two. */
export class OxModules {
  #folders: OxFolders | undefined;
  #people: PeopleDirectory | undefined;
  #mails: MailItems | undefined;
  #contacts: ContactStore | undefined;
  #calendar: OxCalendar | undefined;
  #tasks: TaskStore | undefined;
  #directory: Directory | undefined;
  #mail: MailStore | undefined;
  #invitations: Invitations | undefined;
  #freeBusy: FreeBusy | undefined;
  #outOfOffice: OutOfOfficeSettings | undefined;

  constructor(
    private readonly client: OxClient,
    private readonly shared: SharedAccount,
    private readonly announcer: Announcer,
    private readonly now: () => number,
  ) {}

  get folders(): OxFolders {
    const { profile, account } = this.shared;
    return (this.#folders ??= new OxFolders(this.client, this.#persons, {
      classes: profile.classes,
      choice: profile.folderChoice,
      chronos: account.traits.legacyCalendar === false,
      defaults: (options) => this.#defaultFolders(options),
    }));
  }

  get directory(): Directory {
    return (this.#directory ??= typedFailures(new OxDirectory(this.client, this.#persons)));
  }

  get mail(): MailStore | undefined {
    if (!this.shared.profile.classes.has('Email')) return undefined;
    const search = new MailSearch(this.client, (options) => this.folders.list(options));
    const store = (): MailStore =>
      new OxMailStore(this.client, this.#mailItems, search, this.shared.profile.user.addresses);
    return (this.#mail ??= typedFailures(this.announcer.mail(store())));
  }

  get invitations(): Invitations | undefined {
    if (!this.#hasCalendar) return undefined;
    const folders = (options: Cancellable): ReturnType<OxFolders['list']> => this.folders.list(options);
    const invitations = (): Invitations =>
      new OxInvitations(this.#appointments, folders, this.#persons, this.shared.profile.user);
    return (this.#invitations ??= typedFailures(this.announcer.invitations(invitations())));
  }

  get freeBusy(): FreeBusy | undefined {
    if (!this.#hasCalendar) return undefined;
    return (this.#freeBusy ??= typedFailures(new OxFreeBusy(this.client, this.#persons)));
  }

  get outOfOffice(): OutOfOfficeSettings | undefined {
    const { capabilities, user } = this.shared.profile;
    if (capabilities && !capabilities.has('mailfilter') && !capabilities.has('mailfilter_v2')) return undefined;
    return (this.#outOfOffice ??= typedFailures(new OxOutOfOffice(this.client, user)));
  }

  /** @throws GroupwareError UNSUPPORTED */
  store<C extends ItemClass>(itemClass: C): ItemStore<C> {
    const stores: Stores = {
      Email: () => this.#mailItems,
      Contacts: () => (this.#contacts ??= new ContactStore(this.client, this.now)),
      Calendar: () => this.#appointments,
      Tasks: () => this.#taskStore,
    };
    const store: (() => ItemStore<C>) | undefined = stores[itemClass];
    if (!store) throw new GroupwareError('UNSUPPORTED', `OX has no items of class ${itemClass}`);
    return store();
  }

  /** What creates and changes items, with the files that come with them. */
  writer<C extends ItemClass>(itemClass: C): Pick<ItemStore<C>, 'create' | 'patch'> {
    const writers: { readonly [K in ItemClass]?: () => Pick<ItemStore<K>, 'create' | 'patch'> } = {
      Calendar: () => new FileChanges(this.#appointments, this.#appointments.files),
      Tasks: () => new FileChanges(this.#taskStore, this.#taskStore.files),
    };
    return writers[itemClass]?.() ?? this.store(itemClass);
  }

  /** @throws GroupwareError UNSUPPORTED */
  files(itemClass: ItemClass): ItemFiles {
    if (itemClass === 'Calendar') return this.#appointments.files;
    if (itemClass === 'Tasks') return this.#taskStore.files;
    throw new GroupwareError('UNSUPPORTED', 'OX takes files for appointments and tasks only');
  }

  get #hasCalendar(): boolean {
    return this.shared.profile.classes.has('Calendar');
  }

  get #persons(): PeopleDirectory {
    const { profile, people } = this.shared;
    return (this.#people ??= new PeopleDirectory(this.client, profile.user.userId, profile.user.addresses, people));
  }

  get #mailItems(): MailItems {
    const { displayName: name, primaryAddress: address } = this.shared.profile.user;
    return (this.#mails ??= new MailItems(this.client, { name, address }));
  }

  get #appointments(): OxCalendar {
    const { timeZone } = this.shared.profile.user;
    return (this.#calendar ??= oxCalendar(this.client, this.#persons, { now: this.now, timeZone }));
  }

  get #taskStore(): TaskStore {
    return (this.#tasks ??= new TaskStore(this.client, this.now));
  }

  #defaultFolders(options: Cancellable): Promise<ReadonlyMap<string, FolderRole>> {
    return (this.shared.defaultFolders ??= defaultFolders(this.client, options));
  }
}
