import { html } from './html';
import type { Notice, Page, PageFrame } from './layout';

export function loginPage({ texts, base }: PageFrame, login: string, notice?: Notice): Page {
  const content = html`<section class="card narrow">
    <h1>${texts.title}</h1>
    <p class="lead">${texts.logInLead}</p>
    <form method="post" action="${base}/login">
      <label for="login">${texts.user}</label>
      <input
        id="login"
        name="login"
        type="text"
        value="${login}"
        required
        autocomplete="username"
        autocapitalize="none"
        spellcheck="false"
        aria-describedby="login-hint"
      />
      <p class="hint" id="login-hint">${texts.userHint}</p>
      <label for="password">${texts.password}</label>
      <input id="password" name="password" type="password" required autocomplete="current-password" />
      <button class="primary wide">${texts.logIn}</button>
    </form>
  </section>`;
  return { title: texts.logIn, content, notice };
}

/** Nothing but a word. */
export function messagePage({ texts, base }: PageFrame, notice: Notice, reference?: string): Page {
  const content = html`<section class="card narrow">
    <h1>${texts.title}</h1>
    ${reference !== undefined && html`<p class="hint">${texts.reference(reference)}</p>`}
    <p><a href="${base}/">${texts.back}</a></p>
  </section>`;
  return { title: texts.title, content, notice };
}
