export type Tone = 'good' | 'middling' | 'bad' | 'neutral';

const tones: Readonly<Record<string, Tone>> = {
  ACTIVE: 'good',
  active: 'good',
  satisfied: 'good',
  activating: 'middling',
  OK: 'good',
  serving: 'good',
  allowed: 'good',
  file: 'neutral',
  defaults: 'neutral',
  WARN: 'middling',
  TEMPORARILY_UNAVAILABLE: 'middling',
  INSTALLED: 'middling',
  STARTING: 'middling',
  STOPPING: 'middling',
  quarantined: 'middling',
  warn: 'middling',
  'unsatisfied-reference': 'middling',
  'unsatisfied-configuration': 'middling',
  CRITICAL: 'bad',
  HEALTH_CHECK_ERROR: 'bad',
  failed: 'bad',
  refused: 'bad',
  blocked: 'bad',
  error: 'bad',
};

/** A state: never by colour alone, the word is there. */
export function Chip({ text, tone = tones[text] ?? 'neutral' }: { text: string; tone?: Tone }) {
  return <span class={`chip ${tone}`}>{text.replaceAll('_', ' ')}</span>;
}
