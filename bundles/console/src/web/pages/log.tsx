import { useEffect, useRef, useState } from 'preact/hooks';
import { timeText } from '../format';
import type { LogEntry } from '../model';
import { Page } from '../parts/page';

const levels = ['trace', 'debug', 'info', 'warn', 'error'];

/** Lines that are kept on the page. */
const most = 1000;

export function LogPage() {
  const [level, setLevel] = useState('info');
  const [name, setName] = useState('');
  const [text, setText] = useState('');
  const [isPaused, setIsPaused] = useState(false);
  const entries = useLog({ level, name, text }, isPaused);
  return (
    <Page
      title="Log"
      lead={isPaused ? 'Paused.' : 'The last lines, and each as it is written.'}
      actions={
        <button type="button" aria-pressed={isPaused} onClick={() => setIsPaused(!isPaused)}>
          {isPaused ? 'Go on' : 'Pause'}
        </button>
      }
    >
      <div class="filters">
        <label class="field">
          Level
          <select value={level} onChange={(event) => setLevel(event.currentTarget.value)}>
            {levels.map((each) => (
              <option key={each} value={each}>
                {each} and worse
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          Logger begins with
          <input value={name} placeholder="oxtender.eas" onChange={(event) => setName(event.currentTarget.value)} />
        </label>
        <label class="field search">
          Text
          <input type="search" value={text} onChange={(event) => setText(event.currentTarget.value)} />
        </label>
      </div>
      <Lines entries={entries} />
    </Page>
  );
}

interface Filter {
  readonly level: string;
  readonly name: string;
  readonly text: string;
}

function useLog({ level, name, text }: Filter, isPaused: boolean): readonly LogEntry[] {
  const [entries, setEntries] = useState<readonly LogEntry[]>([]);
  useEffect(() => {
    if (isPaused) return undefined;
    const source = new EventSource(`/api/log?${new URLSearchParams({ level, name, text }).toString()}`);
    source.addEventListener('past', ({ data }: MessageEvent<string>) => setEntries(JSON.parse(data) as LogEntry[]));
    source.addEventListener('entry', ({ data }: MessageEvent<string>) =>
      setEntries((before) => [...before.slice(-most + 1), JSON.parse(data) as LogEntry]),
    );
    return () => source.close();
  }, [level, name, text, isPaused]);
  return entries;
}

function Lines({ entries }: { entries: readonly LogEntry[] }) {
  const place = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  useEffect(() => {
    const element = place.current;
    if (element && follows.current) element.scrollTop = element.scrollHeight;
  }, [entries]);
  return (
    <div
      ref={place}
      class="log"
      role="region"
      aria-label="Lines of the log, the newest last"
      tabIndex={0}
      onScroll={({ currentTarget }) => {
        follows.current = currentTarget.scrollHeight - currentTarget.scrollTop - currentTarget.clientHeight < 40;
      }}
    >
      {entries.length === 0 ? (
        <p class="empty">No line matches.</p>
      ) : (
        <ol>
          {entries.map((entry, index) => (
            <Line key={`${entry.time} ${index}`} entry={entry} />
          ))}
        </ol>
      )}
    </div>
  );
}

function Line({ entry: { time, level, name, message, fields } }: { entry: LogEntry }) {
  const others = Object.entries(fields).filter(([key]) => key !== 'bundle.id' && key !== 'generation');
  return (
    <li class={level}>
      <time>{timeText(time)}</time> <b>{level}</b> <span class="name">{name}</span> <span>{message}</span>{' '}
      <span class="fields">
        {others.map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`).join(' ')}
      </span>
    </li>
  );
}
