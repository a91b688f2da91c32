import { part } from '../api';
import { ActionButton } from '../parts/action-button';
import { Consequences } from '../parts/consequences';

export type BundleVerb = 'start' | 'stop' | 'restart' | 'update' | 'rollback' | 'enable' | 'disable';

const texts: Readonly<Record<BundleVerb, readonly [label: string, done: string]>> = {
  start: ['Start', 'is started'],
  stop: ['Stop', 'is stopped'],
  restart: ['Restart', 'is restarted'],
  update: ['Update', 'is updated from where it came'],
  rollback: ['Roll back', 'is back to its version before'],
  enable: ['Enable', 'is enabled'],
  disable: ['Disable', 'is disabled, and stays so'],
};

interface BundleActionProps {
  readonly verb: BundleVerb;
  readonly name: string;
  readonly onDone: () => void;
}

export function BundleAction({ verb, name, onDone }: BundleActionProps) {
  const [label, done] = texts[verb];
  const danger = verb === 'stop' || verb === 'disable';
  return (
    <ActionButton<{ text?: string }>
      label={label}
      question={`${label} ${name}?`}
      path={`/bundles/${part(name)}/${verb}`}
      tone={danger ? 'danger' : 'plain'}
      done={`${name} ${done}.`}
      onDone={onDone}
    >
      {({ text }) => (
        <>
          {name === 'console' && verb !== 'start' && verb !== 'enable' && (
            <p class="warning">This page ends with it, and you are logged out.</p>
          )}
          <Consequences text={text} />
        </>
      )}
    </ActionButton>
  );
}

/** What makes sense for a bundle in this state. */
export function verbsFor({ state, note }: { state: string; note: string }): readonly BundleVerb[] {
  if (note.startsWith('disabled')) return ['enable'];
  return state === 'ACTIVE' ? ['stop'] : ['start'];
}
