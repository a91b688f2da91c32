import { Route, Router, useLocation } from 'preact-iso';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useConsole } from './context';
import { AuditPage } from './pages/audit';
import { BundlePage } from './pages/bundle';
import { BundlesPage } from './pages/bundles';
import { ComponentPage } from './pages/component';
import { ComponentsPage } from './pages/components';
import { ConfigurationPage } from './pages/configuration';
import { ConfigurationsPage } from './pages/configurations';
import { DevicePage } from './pages/device';
import { DevicesPage } from './pages/devices';
import { HealthPage } from './pages/health';
import { LivePage } from './pages/live';
import { LogPage } from './pages/log';
import { MissingPage } from './pages/missing';
import { OverviewPage } from './pages/overview';
import { ServicesPage } from './pages/services';

const places: readonly (readonly [path: string, title: string])[] = [
  ['/', 'Overview'],
  ['/bundles', 'Bundles'],
  ['/components', 'Components'],
  ['/services', 'Services'],
  ['/configurations', 'Configuration'],
  ['/devices', 'Devices'],
  ['/live', 'Live view'],
  ['/log', 'Log'],
  ['/health', 'Health'],
  ['/audit', 'Audit trail'],
];

interface ShellProps {
  readonly news: string;
  readonly onNewsRead: () => void;
  readonly onLogOut: () => void;
}

/** Navigation around the page, and the page. */
export function Shell({ news, onNewsRead, onLogOut }: ShellProps) {
  const { session } = useConsole();
  const { path } = useLocation();
  const [isOpen, setIsOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  useArrival(main);
  useEffect(() => setIsOpen(false), [path]);

  return (
    <div class="shell">
      <a class="skip" href="#content">
        Skip to content
      </a>
      <header class="bar">
        <a class="brand" href="/">
          <img src="/icon.svg" alt="" width="22" height="22" /> OXtender
        </a>
        <button
          class="menu"
          type="button"
          aria-expanded={isOpen}
          aria-controls="places"
          onClick={() => setIsOpen(!isOpen)}
        >
          Menu
        </button>
        <span class="who">
          <span class="name">{session.name}</span>
          <span class="role">{session.role === 'admin' ? 'administrator' : 'read-only'}</span>
          <button type="button" class="quiet" onClick={onLogOut}>
            Log out
          </button>
        </span>
      </header>
      <nav id="places" class={isOpen ? 'open' : ''} aria-label="Console">
        <ul>
          {places.map(([place, title]) => (
            <li key={place}>
              <a href={place} aria-current={isBelow(path, place) ? 'page' : undefined}>
                {title}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <main id="content" ref={main} tabIndex={-1}>
        <div role="status" class={news === '' ? 'news' : 'news told'}>
          {news !== '' && (
            <>
              <span>{news}</span>
              <button type="button" class="quiet" onClick={onNewsRead}>
                Dismiss
              </button>
            </>
          )}
        </div>
        <Router onRouteChange={onNewsRead}>
          <Route path="/" component={OverviewPage} />
          <Route path="/bundles" component={BundlesPage} />
          <Route path="/bundles/:name" component={BundlePage} />
          <Route path="/components" component={ComponentsPage} />
          <Route path="/components/:name" component={ComponentPage} />
          <Route path="/services" component={ServicesPage} />
          <Route path="/configurations" component={ConfigurationsPage} />
          <Route path="/configurations/:pid" component={ConfigurationPage} />
          <Route path="/devices" component={DevicesPage} />
          <Route path="/devices/:protocol/:user/:id" component={DevicePage} />
          <Route path="/live" component={LivePage} />
          <Route path="/log" component={LogPage} />
          <Route path="/health" component={HealthPage} />
          <Route path="/audit" component={AuditPage} />
          <Route default component={MissingPage} />
        </Router>
      </main>
    </div>
  );
}

const isBelow = (path: string, place: string): boolean =>
  place === '/' ? path === '/' : path === place || path.startsWith(`${place}/`);

/** A new page is read from its beginning: the focus goes there, but not on the first one. */
function useArrival(main: { readonly current: HTMLElement | null }): void {
  const { path } = useLocation();
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [path, main]);
}
