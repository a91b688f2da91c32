import { useEffect, useState } from 'preact/hooks';
import { hasOidc, logIn, messageOf } from '../api';
import type { Session } from '../model';

interface LoginProps {
  readonly wasLoggedIn: boolean;
  readonly onLogin: (session: Session) => void;
}

const refusals: Readonly<Record<string, string>> = {
  FORBIDDEN: 'Your account has no role here. An administrator of the host can give you one.',
  LINK_OVER: 'That took too long, or was not begun here. Please try again.',
  PROVIDER: 'The OpenID provider refused the login, or does not answer. The log of the host says why.',
};

/** Without a password: by a link that is good once, or by an OpenID provider. */
export function LoginPage({ wasLoggedIn, onLogin }: LoginProps) {
  const [fault, setFault] = useState(refusals[new URLSearchParams(location.search).get('login') ?? '']);
  const [oidc, setOidc] = useState(false);

  useEffect(() => {
    document.title = 'Log in – OXtender console';
    const token = location.pathname === '/login' ? location.hash.slice(1) : '';
    history.replaceState(null, '', token === '' ? location.pathname.replace(/^\/login$/, '/') : '/');
    if (token !== '') logIn(token).then(onLogin, (error: unknown) => setFault(`${capitalised(messageOf(error))}.`));
    hasOidc().then(setOidc, () => setOidc(false));
  }, [onLogin]);

  return (
    <main class="login">
      <img src="/icon.svg" alt="" width="44" height="44" />
      <h1>OXtender console</h1>
      {fault !== undefined && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
      {fault === undefined && wasLoggedIn && (
        <p class="told" role="status">
          You are logged out.
        </p>
      )}
      {oidc && (
        <p>
          <a class="button primary" href="/oidc/login">
            Log in with OpenID Connect
          </a>
        </p>
      )}
      <p>{oidc ? 'Or ask' : 'Ask'} the host for a link that lets you in, once:</p>
      <pre>
        <code>oxtender console login</code>
      </pre>
      <p class="lead">
        With <code>--role read</code> for somebody who is to look, and change nothing.
      </p>
    </main>
  );
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
