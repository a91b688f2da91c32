import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { messageOf } from '../api';
import { useConsole } from '../context';

interface ActionProps<T> {
  readonly label: string;
  /** What the dialog asks. */
  readonly question: string;
  /** Path of the API; it is asked with `dryRun: true` first. */
  readonly path: string;
  readonly body?: object;
  /** Shows what the dry run answered. */
  readonly children: (consequences: T) => ComponentChildren;
  /** A sentence that the operator must agree to, where nothing brings back what is lost. */
  readonly consent?: string;
  /** A text that goes with it. */
  readonly reason?: boolean;
  readonly tone?: 'plain' | 'danger';
  readonly done: string;
  readonly onDone: () => void;
}

/** Something that changes the host: what it would do is shown first. */
export function ActionButton<T>(props: ActionProps<T>) {
  const [isOpen, setIsOpen] = useState(false);
  const { label, tone = 'plain' } = props;
  return (
    <>
      <button type="button" class={tone === 'danger' ? 'danger' : ''} onClick={() => setIsOpen(true)}>
        {label}
      </button>
      {isOpen && <ActionDialog {...props} onClose={() => setIsOpen(false)} />}
    </>
  );
}

function ActionDialog<T>(props: ActionProps<T> & { onClose: () => void }) {
  const { label, question, path, body = {}, children, consent, tone, done, onDone, onClose } = props;
  const { api, announce } = useConsole();
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  const [plan, setPlan] = useState<T>();
  const [fault, setFault] = useState<string>();
  const [agreed, setAgreed] = useState(false);
  const [reason, setReason] = useState('');
  const [isBusy, setIsBusy] = useState(false);

  useEffect(() => {
    dialog.current?.showModal();
    api.post<T>(path, { ...body, dryRun: true }).then(setPlan, (error: unknown) => setFault(messageOf(error)));
    // The question is asked once, for what was clicked.
  }, []);

  const act = async (): Promise<void> => {
    setIsBusy(true);
    setFault(undefined);
    try {
      await api.post(path, { ...body, ...(reason !== '' && { reason }), dryRun: false });
      announce(done);
      onClose();
      onDone();
    } catch (error) {
      setFault(messageOf(error));
      setIsBusy(false);
    }
  };

  const mayAct = plan !== undefined && !isBusy && (consent === undefined || agreed);
  return (
    <dialog ref={dialog} aria-labelledby={title} onClose={onClose}>
      <form
        method="dialog"
        onSubmit={(event) => {
          event.preventDefault();
          if (mayAct) void act();
        }}
      >
        <h2 id={title}>{question}</h2>
        {plan === undefined && fault === undefined && <p class="waiting">Looking what it would do…</p>}
        {plan !== undefined && <div class="plan">{children(plan)}</div>}
        {props.reason === true && (
          <label class="field">
            Reason, for other operators
            <input value={reason} maxLength={500} onInput={(event) => setReason(event.currentTarget.value)} />
          </label>
        )}
        {consent !== undefined && (
          <label class="check">
            <input type="checkbox" checked={agreed} onChange={(event) => setAgreed(event.currentTarget.checked)} />
            {consent}
          </label>
        )}
        {fault !== undefined && (
          <p class="fault" role="alert">
            {fault}
          </p>
        )}
        <div class="buttons">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class={tone === 'danger' ? 'danger primary' : 'primary'} disabled={!mayAct}>
            {isBusy ? 'Working…' : label}
          </button>
        </div>
      </form>
    </dialog>
  );
}
