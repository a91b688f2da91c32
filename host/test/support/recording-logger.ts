import type { Logger } from '@oxtender/bundle-api';

/** A logger that keeps its lines. */
export function recordingLogger(): Logger & { readonly lines: { level: string; message: string }[] } {
  const lines: { level: string; message: string }[] = [];
  const write = (level: string) => (message: string) => void lines.push({ level, message });
  const own = {
    ...{ lines, trace: write('trace'), debug: write('debug'), info: write('info'), warn: write('warn') },
    ...{ error: write('error'), child: () => own, isEnabled: () => true },
  } as Logger & { readonly lines: { level: string; message: string }[] };
  return own;
}
