import type { Directory, DirectoryEntry } from '@oxtender/bundle-api';
import { PeopleCertificates } from '../../certificates/people-certificates';
import { Pictures } from '../../lookup/pictures';
import { type Command, type CommandCall, type CommandServices, describeCommand } from '../../protocol/command';
import { isAtLeast } from '../../protocol/versions';
import { addressIn } from '../../values/mailbox-text';
import { type Element, ResolveRecipients as Page, element } from '../../wbxml';
import { Availabilities, timeRange } from './availability';
import { CertificateBag } from './certificates';
import { type ResolveOptions, type ResolveRecipientsRequest, resolveRecipientsRequest } from './request';
import { ResolveRecipientsStatus as Status } from './status';

/** Candidates for one name, whatever a device asks for. */
const mostCandidates = 100;

/** [MS-ASCMD] "Type (ResolveRecipients)". */
const TypeOf = { addressList: 1, contact: 2 } as const;

/** [MS-ASCMD] "CertificateRetrieval": no certificates. */
const noCertificates = 1;

/** What is added to each recipient. */
interface Extras {
  readonly certificates: CertificateBag | undefined;
  readonly availabilities: Availabilities | undefined;
  readonly pictures: Pictures | undefined;
}

/** [MS-ASCMD] "ResolveRecipients": names and addresses become people, with their certificates, free times, pictures. */
export class ResolveRecipients implements Command<typeof resolveRecipientsRequest> {
  static readonly descriptor = describeCommand({
    name: 'ResolveRecipients',
    root: Page.ResolveRecipients,
    request: resolveRecipientsRequest,
    status: { malformed: Status.ProtocolError, serverError: Status.ServerError },
  });

  readonly #people: PeopleCertificates;

  constructor(private readonly services: CommandServices) {
    this.#people = new PeopleCertificates(services.config['com.openexchange.usm.eas.certificates.people']);
  }

  async execute({ to, options }: ResolveRecipientsRequest, call: CommandCall): Promise<Element> {
    const { directory, freeBusy } = call.session.groupware;
    const asked: ResolveOptions = options ?? {};
    const range = asked.availability && timeRange(asked.availability);
    if (asksTooMuch(asked, call) || (asked.availability && !range)) return answer(Status.ProtocolError);
    if (!directory) return answer(Status.ServerError);
    const extras: Extras = {
      certificates: this.#certificatesFor(directory, asked),
      availabilities: range && new Availabilities(freeBusy, range),
      pictures: asked.picture && new Pictures(directory, asked.picture),
    };
    const responses: Element[] = [];
    for (const name of to) responses.push(await resolve(name, directory, { asked, extras, call }));
    return answer(Status.Success, responses);
  }

  #certificatesFor(directory: Directory, asked: ResolveOptions): CertificateBag | undefined {
    const { certificateRetrieval: wanted = noCertificates } = asked;
    if (wanted === noCertificates) return undefined;
    return new CertificateBag({ directory, people: this.#people, now: this.services.clock.now() }, asked);
  }
}

/** Availability came with 14.0, pictures with 14.1. */
function asksTooMuch({ availability, picture }: ResolveOptions, { version }: CommandCall): boolean {
  return (
    (availability !== undefined && !isAtLeast(version, '14.0')) ||
    (picture !== undefined && !isAtLeast(version, '14.1'))
  );
}

interface Resolving {
  readonly asked: ResolveOptions;
  readonly extras: Extras;
  readonly call: CommandCall;
}

async function resolve(name: string, directory: Directory, { asked, extras, call }: Resolving): Promise<Element> {
  const { candidates, total } = await candidatesFor(name, directory, call);
  // A device that wants no choice is still told of the only one there is.
  const limit = Math.max(total === 1 ? 1 : 0, Math.min(asked.maxAmbiguousRecipients ?? mostCandidates, mostCandidates));
  const shown = candidates.slice(0, limit);
  const recipients: Element[] = [];
  for (const entry of shown) recipients.push(await recipient(entry, extras, call));
  return element(
    Page.Response,
    element(Page.To, name),
    element(Page.Status, statusFor(total, shown.length)),
    element(Page.RecipientCount, total),
    recipients,
  );
}

function statusFor(total: number, shown: number): number {
  if (total === 0) return Status.NoMatch;
  if (total === 1) return Status.Success;
  return shown < total ? Status.AmbiguousPartial : Status.Ambiguous;
}

/** Who may be meant: an address means who has it; the address list goes before contacts who have the same address. */
async function candidatesFor(
  name: string,
  directory: Directory,
  { signal }: CommandCall,
): Promise<{ candidates: readonly DirectoryEntry[]; total: number }> {
  const text = addressIn(name);
  if (text === '') return { candidates: [], total: 0 };
  const { entries, total } = await directory.search(text, { offset: 0, limit: mostCandidates, contacts: true, signal });
  const [exact] = entries.filter(({ address }) => address.toLowerCase() === text.toLowerCase()).sort(byKind);
  if (exact) return { candidates: [exact], total: 1 };
  const known = new Set<string>();
  const distinct = [...entries].sort(byKind).filter(({ kind, address }) => {
    const key = address.toLowerCase();
    // a group that has no address can be asked for its members' times, not written to
    if (key === '') return kind === 'group';
    const isNew = !known.has(key);
    known.add(key);
    return isNew;
  });
  return { candidates: distinct, total: total - (entries.length - distinct.length) };
}

function byKind(a: DirectoryEntry, b: DirectoryEntry): number {
  return Number(a.kind === 'contact') - Number(b.kind === 'contact');
}

async function recipient(entry: DirectoryEntry, extras: Extras, call: CommandCall): Promise<Element> {
  const picture = await extras.pictures?.of(entry.address, call);
  return element(
    Page.Recipient,
    element(Page.Type, entry.kind === 'contact' ? TypeOf.contact : TypeOf.addressList),
    element(Page.DisplayName, entry.displayName === '' ? entry.address : entry.displayName),
    element(Page.EmailAddress, entry.address),
    await extras.availabilities?.of(entry, call),
    await extras.certificates?.of(entry, call),
    picture &&
      element(Page.Picture, element(Page.Status, picture.status), picture.data && element(Page.Data, picture.data)),
  );
}

function answer(status: number, responses: readonly Element[] = []): Element {
  return element(Page.ResolveRecipients, element(Page.Status, status), responses);
}
