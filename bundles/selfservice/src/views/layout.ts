import type { Texts } from '../texts';
import type { Html } from './html';
import { html } from './html';

/** What every page needs. */
export interface PageFrame {
  readonly texts: Texts;
  /** Path of the page, without a slash at the end. */
  readonly base: string;
  readonly organization: string;
  /** Of the user who is logged in. */
  readonly user?: { readonly displayName: string; readonly csrfToken: string };
  /** Path with query of this page, for the change of language. */
  readonly here: string;
}

export interface Notice {
  readonly kind: 'done' | 'error';
  readonly text: string;
}

export interface Page {
  readonly title: string;
  readonly content: Html;
  readonly notice?: Notice | undefined;
}

/** A whole document. Styles and script are files of ours: no code stands in the page. */
export function renderPage(frame: PageFrame, { title, content, notice }: Page): string {
  const { texts, base, organization } = frame;
  const name = organization === '' ? 'OXtender' : organization;
  const page = html`<!doctype html>
    <html lang="${texts.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${title} · ${name}</title>
        <link rel="stylesheet" href="${base}/assets/style.css" />
        <link rel="icon" href="${base}/assets/icon.svg" type="image/svg+xml" />
        <script src="${base}/assets/page.js" defer></script>
      </head>
      <body>
        <a class="skip" href="#content">${texts.skipToContent}</a>
        <header class="bar">
          <div class="wrap">
            <a class="brand" href="${base}/"
              ><img src="${base}/assets/icon.svg" alt="" width="28" height="28" /><span>${name}</span></a
            >
            <nav>${languageLink(frame)}${frame.user && logOutForm(frame)}</nav>
          </div>
        </header>
        <main id="content" class="wrap" tabindex="-1">${notice && noticeBox(notice)} ${content}</main>
      </body>
    </html>`;
  return page.text;
}

/** The token that says that a form is one of ours. */
export function csrfField({ user }: PageFrame): Html {
  return html`<input type="hidden" name="csrf" value="${user?.csrfToken ?? ''}" />`;
}

function languageLink({ texts, base, here }: PageFrame): Html {
  const other = texts.language === 'en' ? 'de' : 'en';
  const query = new URLSearchParams({ to: other, back: here }).toString();
  return html`<a class="quiet" href="${base}/language?${query}" lang="${other}" hreflang="${other}"
    >${texts.otherLanguage}</a
  >`;
}

function logOutForm(frame: PageFrame): Html {
  const { base, texts, user } = frame;
  return html`<form method="post" action="${base}/logout">
    ${csrfField(frame)}
    <button class="quiet" title="${texts.loggedInAs(user?.displayName ?? '')}">${texts.logOut}</button>
  </form>`;
}

function noticeBox({ kind, text }: Notice): Html {
  return html`<p class="notice ${kind}" role="${kind === 'error' ? 'alert' : 'status'}">${text}</p>`;
}
