import { PageError } from '../page-error';
import { mobileConfig } from '../profile/mobileconfig';
import { linkLifetime, type PhoneAccount } from '../session/setup-links';
import { phonePage, setupPage } from '../views/setup';
import type { PageRequest } from './page-request';
import { serverPlace, type ServerPlace } from './server-place';

const profileFile = 'profile.mobileconfig';
const minutes = linkLifetime / 60_000;

/** `GET /setup` */
export function showSetup(request: PageRequest): void {
  const account = accountOf(request);
  const server = placeOf(request);
  const link = `${server.origin}${request.base}/s/${request.parts.links.create(account)}`;
  const profileUrl = `${request.base}/${profileFile}`;
  request.render(setupPage(request.frame, { account, server, link, profileUrl, minutes }));
}

/** `GET /profile.mobileconfig` */
export function sendProfile(request: PageRequest): Promise<void> {
  return respondProfile(request, accountOf(request));
}

/** `GET /s/:token`: where the QR code leads, without a login. */
export function showPhoneSetup(request: PageRequest): void {
  const profileUrl = `${request.base}/s/${request.parameter('token')}/${profileFile}`;
  const data = { account: linkedAccount(request), server: placeOf(request), profileUrl, minutes };
  request.render(phonePage(request.frame, data));
}

/** `GET /s/:token/profile.mobileconfig` */
export function sendLinkedProfile(request: PageRequest): Promise<void> {
  return respondProfile(request, linkedAccount(request));
}

async function respondProfile(request: PageRequest, account: PhoneAccount): Promise<void> {
  const { context, parts, texts } = request;
  const { host, isSecure } = placeOf(request);
  const organization = parts.config['selfservice.organization'];
  const title = organization === '' ? host : organization;
  const description = texts.accountOf(account.displayName);
  const profile = mobileConfig(account, { host, isSecure }, { title, description, organization });
  context.body = await parts.signer.sign(Buffer.from(profile, 'utf8'));
  context.type = 'application/x-apple-aspen-config';
  context.attachment('oxtender.mobileconfig');
  context.type = 'application/x-apple-aspen-config';
}

function accountOf({ user: { login, groupware } }: PageRequest): PhoneAccount {
  const { displayName, primaryAddress } = groupware.user;
  return { login, displayName, address: primaryAddress };
}

/** @throws PageError LINK_OVER, also when it never was */
function linkedAccount(request: PageRequest): PhoneAccount {
  const account = request.parts.links.find(request.parameter('token'));
  if (!account) throw new PageError('LINK_OVER', 'the link is not valid any more');
  return account;
}

function placeOf({ context, parts }: PageRequest): ServerPlace {
  return serverPlace(context, parts.config['selfservice.server']);
}
