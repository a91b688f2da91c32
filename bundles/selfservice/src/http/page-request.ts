import { timingSafeEqual } from 'node:crypto';
import type { HttpState } from '@oxtender/bundle-api';
import type { RouterContext } from '@koa/router';
import { OwnDevices } from '../account/own-devices';
import { PageError } from '../page-error';
import type { PageSession } from '../session/page-sessions';
import { languages, type Texts, textsIn } from '../texts';
import { type Page, type PageFrame, renderPage } from '../views/layout';
import { type TimeFormat, timeFormat } from '../views/time-format';
import { readForm } from './form';
import type { PageParts } from './page-parts';
import { checkOrigin } from './same-origin';

const sessionCookie = 'oxtender_session';
const languageCookie = 'oxtender_language';
const year = 365 * 86_400_000;

/** The user is not logged in, or not any more. */
export class NotLoggedIn extends Error {
  constructor(readonly wasLoggedIn: boolean) {
    super('not logged in');
  }
}

/** One request for a page: who asks, in which language, and how to answer. */
export class PageRequest {
  readonly base: string;
  readonly session: PageSession | undefined;
  readonly texts: Texts;

  constructor(
    readonly context: RouterContext,
    readonly parts: PageParts,
  ) {
    this.base = parts.config['selfservice.path'];
    this.session = parts.sessions.find(context.cookies.get(sessionCookie));
    const asked = context.acceptsLanguages(Object.keys(languages));
    this.texts = textsIn(context.cookies.get(languageCookie) ?? (asked === false ? undefined : asked));
  }

  get signal(): AbortSignal {
    return (this.context.state as HttpState).signal;
  }

  get requestId(): string {
    return (this.context.state as HttpState).requestId;
  }

  /** @throws NotLoggedIn */
  get user(): PageSession {
    if (this.session) return this.session;
    throw new NotLoggedIn(this.context.cookies.get(sessionCookie) !== undefined);
  }

  /** @throws NotLoggedIn */
  get devices(): OwnDevices {
    const { registry, config } = this.parts;
    return new OwnDevices(registry, this.user.groupware, config['selfservice.full_wipe']);
  }

  get time(): TimeFormat {
    return timeFormat(this.texts.language, this.user.groupware.user.timeZone);
  }

  get frame(): PageFrame {
    const { texts, base, session, context, parts } = this;
    const organization = parts.config['selfservice.organization'];
    const here = context.method === 'GET' ? base + context.path : `${base}/`;
    if (!session) return { texts, base, organization, here };
    const { csrfToken, groupware } = session;
    return { texts, base, organization, here, user: { csrfToken, displayName: groupware.user.displayName } };
  }

  /** A part of the path. @throws PageError NOT_FOUND */
  parameter(name: string): string {
    const value = (this.context.params as Record<string, string | undefined>)[name];
    if (value === undefined) throw new PageError('NOT_FOUND', `no ${name}`);
    return value;
  }

  /** A form that a page of ours sent. @throws PageError FORBIDDEN, INVALID */
  async form(): Promise<URLSearchParams> {
    checkOrigin(this.context);
    return readForm(this.context.req);
  }

  /** A form of a user who is logged in. @throws PageError FORBIDDEN, INVALID. @throws NotLoggedIn */
  async userForm(): Promise<URLSearchParams> {
    const { csrfToken } = this.user;
    const form = await this.form();
    if (!isSame(form.get('csrf') ?? '', csrfToken)) throw new PageError('FORBIDDEN', 'the form has no valid token');
    return form;
  }

  render(page: Page, status = 200): void {
    this.context.status = status;
    this.context.type = 'html';
    this.context.body = renderPage(this.frame, page);
  }

  /** To a page of ours, by GET. @param path - below the base */
  redirect(path: string): void {
    this.context.status = 303;
    this.context.set('Location', this.base + path);
    this.context.body = '';
  }

  rememberSession(session: PageSession | undefined): void {
    this.#setCookie(sessionCookie, session?.id ?? null, {});
  }

  rememberLanguage(language: string): void {
    this.#setCookie(languageCookie, language, { maxAge: year });
  }

  #setCookie(name: string, value: string | null, more: { maxAge?: number }): void {
    const { context, base } = this;
    const { secure } = context;
    context.cookies.set(name, value, {
      httpOnly: true,
      sameSite: 'strict',
      path: base,
      overwrite: true,
      secure,
      ...more,
    });
  }
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
