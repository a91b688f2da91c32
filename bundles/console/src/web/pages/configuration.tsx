import { useMemo, useState } from 'preact/hooks';
import { part } from '../api';
import { useIsAdmin } from '../context';
import { valueText } from '../format';
import type { ConfigurationDetails, ConfigurationPlan, KeySchema, PlannedChange } from '../model';
import { ActionButton } from '../parts/action-button';
import { Consequences } from '../parts/consequences';
import { DataTable } from '../parts/data-table';
import { type Draft, draftOf, faultIn, KeyField, valueOf } from '../parts/key-field';
import { Loaded, Page } from '../parts/page';
import { useData } from '../use-data';

export function ConfigurationPage({ pid = '' }: { pid?: string }) {
  const data = useData<ConfigurationDetails>(`/configurations/${part(pid)}`, ['configurations']);
  return (
    <Page
      title={data.value?.schema?.title ?? pid}
      above={[['/configurations', 'Configuration']]}
      lead={data.value && <code>{data.value.file}</code>}
    >
      <Loaded data={data}>
        {(configuration) => <Form key={pid} configuration={configuration} onSaved={data.reload} />}
      </Loaded>
    </Page>
  );
}

type Drafts = Readonly<Record<string, Draft>>;

function Form({ configuration, onSaved }: { configuration: ConfigurationDetails; onSaved: () => void }) {
  const { pid, schema, values, reason } = configuration;
  const isAdmin = useIsAdmin();
  const keys = useMemo(() => Object.entries(schema?.properties ?? {}), [schema]);
  const stored = useMemo(() => new Map(values?.map((value) => [value.key, value])), [values]);
  const [drafts, setDrafts] = useState<Drafts>({});
  const [unset, setUnset] = useState<readonly string[]>([]);

  if (reason !== '') return <Refused reason={reason} />;
  if (!schema) return <p class="fault">No bundle that is installed says what may stand in it.</p>;

  const original = (key: string, of: KeySchema): Draft =>
    draftOf(of, stored.get(key)?.written ?? stored.get(key)?.value ?? of.default);
  const current = (key: string, of: KeySchema): Draft =>
    drafts[key] ?? (unset.includes(key) ? draftOf(of, of.default) : original(key, of));
  const changed = keys.filter(([key, of]) => drafts[key] !== undefined && drafts[key] !== original(key, of));
  const faults = new Map(changed.map(([key, of]) => [key, faultIn(of, current(key, of))]));
  const faulty = [...faults.values()].some((fault) => fault !== undefined);
  const taken = unset.filter((key) => drafts[key] === undefined);
  const body = {
    set: Object.fromEntries(changed.map(([key, of]) => [key, valueOf(of, current(key, of))])),
    unset: taken,
  };
  const count = changed.length + taken.length;
  const discard = (): void => {
    setDrafts({});
    setUnset([]);
  };

  return (
    <form onSubmit={(event) => event.preventDefault()} noValidate>
      <div class="keys">
        {keys.map(([key, of]) => (
          <KeyField
            key={key}
            name={key}
            schema={of}
            value={stored.get(key)}
            draft={current(key, of)}
            fault={faults.get(key)}
            isReadOnly={!isAdmin || stored.get(key)?.from === '--set'}
            onChange={(draft) => setDrafts({ ...drafts, [key]: draft })}
            onReset={
              isAdmin && isFromFile(stored.get(key)?.from) && !unset.includes(key)
                ? () => {
                    setUnset([...unset, key]);
                    setDrafts(without(drafts, key));
                  }
                : undefined
            }
          />
        ))}
      </div>
      {isAdmin && (
        <div class="saving">
          <span class="muted">{count === 0 ? 'Nothing is changed.' : `${count} changed.`}</span>
          <button type="button" disabled={count === 0} onClick={discard}>
            Discard
          </button>
          {count > 0 && !faulty ? (
            <ActionButton<ConfigurationPlan>
              label="Save"
              question={`Save ${pid}?`}
              path={`/configurations/${part(pid)}`}
              body={body}
              done="Saved, and in effect."
              onDone={() => {
                discard();
                onSaved();
              }}
            >
              {({ changes, text }) => (
                <>
                  <Changes changes={changes} />
                  {changes.length > 0 && <Consequences text={text} />}
                </>
              )}
            </ActionButton>
          ) : (
            <button type="button" disabled>
              Save
            </button>
          )}
        </div>
      )}
    </form>
  );
}

function Refused({ reason }: { reason: string }) {
  return (
    <div class="fault" role="alert">
      <p>The file is refused, and the last good values are in use:</p>
      <pre>{reason}</pre>
      <p>Correct the file; saving it is enough.</p>
    </div>
  );
}

function Changes({ changes }: { changes: readonly PlannedChange[] }) {
  return (
    <DataTable<PlannedChange>
      caption="What would change"
      rows={changes}
      keyOf={({ key }) => key}
      empty="Nothing would change."
      columns={[
        { title: 'Key', cell: ({ key }) => <code>{key}</code> },
        { title: 'Before', cell: ({ before }) => valueText(before) },
        { title: 'After', cell: ({ after }) => valueText(after) },
        { title: 'Restarts', cell: ({ restarts }) => restarts },
      ]}
    />
  );
}

const isFromFile = (from: string | undefined): boolean => from !== undefined && from !== 'default' && from !== '--set';

function without(drafts: Drafts, key: string): Drafts {
  return Object.fromEntries(Object.entries(drafts).filter(([each]) => each !== key));
}
