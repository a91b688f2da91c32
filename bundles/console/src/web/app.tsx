import { LocationProvider } from 'preact-iso';
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { Api, currentSession } from './api';
import { ConsoleContext } from './context';
import { LiveFeed } from './live/live-feed';
import type { Session } from './model';
import { LoginPage } from './pages/login';
import { Shell } from './shell';

/** `unknown`: the server is being asked who we are. */
type State = Session | 'unknown' | 'nobody';

export function App() {
  const [state, setState] = useState<State>('unknown');
  const [was, setWas] = useState(false);

  useEffect(() => {
    if (location.pathname === '/login') setState('nobody');
    else
      currentSession().then(
        (session) => setState(session ?? 'nobody'),
        () => setState('nobody'),
      );
  }, []);

  const loggedOut = useCallback(() => {
    setWas(true);
    setState('nobody');
  }, []);

  if (state === 'unknown') return <p class="waiting">Loading…</p>;
  if (state === 'nobody') return <LoginPage wasLoggedIn={was} onLogin={setState} />;
  return (
    <LocationProvider>
      <LoggedIn session={state} onLoggedOut={loggedOut} />
    </LocationProvider>
  );
}

function LoggedIn({ session, onLoggedOut }: { session: Session; onLoggedOut: () => void }) {
  const [news, setNews] = useState('');
  const api = useMemo(() => new Api(session.csrfToken, onLoggedOut), [session, onLoggedOut]);
  const live = useMemo(
    () => new LiveFeed(() => void currentSession().then((found) => found ?? onLoggedOut(), onLoggedOut)),
    [onLoggedOut],
  );
  useEffect(() => live.open(), [live]);
  const value = useMemo(() => ({ api, session, live, announce: setNews }), [api, session, live]);

  return (
    <ConsoleContext.Provider value={value}>
      <Shell
        news={news}
        onNewsRead={() => setNews('')}
        onLogOut={() => void api.post('/logout', {}).finally(onLoggedOut)}
      />
    </ConsoleContext.Provider>
  );
}
