import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Api } from './api';
import type { LiveFeed } from './live/live-feed';
import type { Session } from './model';

/** What every page needs. */
export interface Console {
  readonly api: Api;
  readonly session: Session;
  readonly live: LiveFeed;
  /** Says something to the operator, for a moment. */
  readonly announce: (text: string) => void;
}

export const ConsoleContext = createContext<Console | undefined>(undefined);

/** @throws Error outside of a logged-in page */
export function useConsole(): Console {
  const found = useContext(ConsoleContext);
  if (!found) throw new Error('nobody is logged in');
  return found;
}

export function useIsAdmin(): boolean {
  return useConsole().session.role === 'admin';
}
