import { useCallback, useEffect, useState } from 'preact/hooks';
import { messageOf } from './api';
import { useConsole } from './context';

export interface Data<T> {
  readonly value: T | undefined;
  readonly error: string | undefined;
  readonly isLoading: boolean;
  readonly reload: () => void;
}

/** What the server says at a path; asked again when something of `kinds` has changed. */
export function useData<T>(path: string, kinds: readonly string[] = []): Data<T> {
  const { api, live } = useConsole();
  const [state, setState] = useState<{ path: string; value?: T; error?: string }>({ path });
  const [round, setRound] = useState(0);
  const reload = useCallback(() => setRound((before) => before + 1), []);
  const kindsText = kinds.join();

  useEffect(() => {
    let isCurrent = true;
    api.get<T>(path).then(
      (value) => isCurrent && setState({ path, value }),
      (error: unknown) => isCurrent && setState({ path, error: messageOf(error) }),
    );
    return () => {
      isCurrent = false;
    };
  }, [api, path, round]);

  useEffect(
    () => live.onChange((changed) => changed.some((kind) => kindsText.split(',').includes(kind)) && reload()),
    [live, kindsText, reload],
  );

  const isCurrent = state.path === path;
  return {
    value: isCurrent ? state.value : undefined,
    error: isCurrent ? state.error : undefined,
    isLoading: !isCurrent || (state.value === undefined && state.error === undefined),
    reload,
  };
}

/** The figures, as they come. */
export function useSamples(): ReturnType<typeof useConsole>['live']['samples'] {
  const { live } = useConsole();
  const [samples, setSamples] = useState(live.samples);
  useEffect(() => {
    setSamples(live.samples);
    return live.onSample(() => setSamples(live.samples));
  }, [live]);
  return samples;
}
