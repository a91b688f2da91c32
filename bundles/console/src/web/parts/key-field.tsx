import { useEffect, useId, useRef } from 'preact/hooks';
import { valueText } from '../format';
import type { ConfigurationValue, KeySchema, Scalar } from '../model';

/** What stands in a field: a text, except for a box to tick. */
export type Draft = string | boolean;

export interface KeyFieldProps {
  readonly name: string;
  readonly schema: KeySchema;
  readonly value: ConfigurationValue | undefined;
  readonly draft: Draft;
  readonly fault: string | undefined;
  readonly isReadOnly: boolean;
  readonly onChange: (draft: Draft) => void;
  /** Undefined when it has its default already. */
  readonly onReset: (() => void) | undefined;
}

/** One key of a configuration, by its JSON Schema. */
export function KeyField(props: KeyFieldProps) {
  const { name, schema, value, fault, onReset } = props;
  const id = useId();
  const isBox = typeof props.draft === 'boolean';
  return (
    <div class={fault === undefined ? 'key' : 'key wrong'}>
      <div class="naming">
        <label for={id}>{schema.title ?? name}</label>
        {schema.title !== undefined && <code>{name}</code>}
      </div>
      <div class="control">
        <Control {...props} id={id} describedBy={`${id}-about`} />
        {isBox && <span class="muted">{props.draft ? 'yes' : 'no'}</span>}
        {onReset && (
          <button type="button" class="quiet" onClick={onReset}>
            Default<span class="unseen"> for {schema.title ?? name}</span>
          </button>
        )}
      </div>
      <p id={`${id}-about`} class="about">
        {fault !== undefined && <strong class="wrong">{fault}. </strong>}
        {schema.description}
        {value?.written !== undefined && <span class="origin">now {valueText(value.value)}</span>}
        <span class="origin">
          {value && value.from !== 'default' ? `from ${shortPlace(value.from)}` : 'default'}
          {schema.default !== undefined && schema.default !== '' && value?.from !== 'default'
            ? `, default ${valueText(schema.default)}`
            : ''}
          {` · a change restarts ${value?.restarts === 'none' ? 'nothing' : (value?.restarts ?? 'its component')}`}
        </span>
      </p>
    </div>
  );
}

type ControlProps = KeyFieldProps & { readonly id: string; readonly describedBy: string };

function Control({ id, describedBy, schema, value, draft, fault, isReadOnly, onChange }: ControlProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.setCustomValidity(fault ?? ''), [fault]);
  const common = {
    id,
    'aria-describedby': describedBy,
    'aria-invalid': fault !== undefined,
    disabled: isReadOnly,
  };
  if (typeof draft === 'boolean')
    return (
      <input {...common} type="checkbox" checked={draft} onChange={(event) => onChange(event.currentTarget.checked)} />
    );
  // One that was written with a placeholder is a text, whatever stands in it while it is edited.
  const isWritten = value?.written !== undefined;
  if (schema.enum && !isWritten)
    return (
      <select {...common} value={draft} onChange={(event) => onChange(event.currentTarget.value)}>
        {schema.enum.map((choice) => (
          <option key={String(choice)} value={String(choice)}>
            {String(choice)}
          </option>
        ))}
      </select>
    );
  if (schema.type === 'array')
    return (
      <textarea
        {...common}
        rows={Math.min(8, draft.split('\n').length + 1)}
        placeholder="one on each line"
        value={draft}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    );
  const isNumber = isNumeric(schema) && !isWritten;
  const field = {
    ...common,
    ref: input,
    spellcheck: false,
    value: draft,
    onInput: (event: { currentTarget: HTMLInputElement }) => onChange(event.currentTarget.value),
  };
  if (schema['x-secret'] === true)
    return <input {...field} type="password" autoComplete="new-password" placeholder="unchanged" />;
  return isNumber ? (
    <input {...field} type="text" inputMode="numeric" autoComplete="off" class="short" />
  ) : (
    <input {...field} type="text" autoComplete="off" />
  );
}

const isNumeric = ({ type }: KeySchema): boolean => type === 'integer' || type === 'number';

const shortPlace = (from: string): string => from.replace(/^.*\//, '');

/** How a value stands in its field: a secret never, a placeholder as it is written. */
export function draftOf(schema: KeySchema, value: Scalar | readonly Scalar[] | undefined): Draft {
  if (schema['x-secret'] === true) return '';
  if (schema.type === 'boolean' && typeof value !== 'string') return value === true;
  if (typeof value === 'object') return value.map(String).join('\n');
  return value === undefined ? '' : String(value);
}

/** The host knows what it stands for. */
const hasPlaceholder = (draft: Draft): boolean => typeof draft === 'string' && draft.includes('${');

/** What a field means. */
export function valueOf(schema: KeySchema, draft: Draft): Scalar | readonly Scalar[] {
  if (typeof draft === 'boolean') return draft;
  if (schema.type === 'array')
    return draft
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
  if (isNumeric(schema) && draft.trim() !== '' && !hasPlaceholder(draft)) return Number(draft);
  return draft;
}

/** What is wrong with a value, as far as the schema tells; the host has the last word. */
export function faultIn(schema: KeySchema, draft: Draft): string | undefined {
  if (typeof draft === 'boolean') return undefined;
  if (schema.type === 'array') {
    const wrong = draft.split('\n').find((line) => line.trim() !== '' && faultIn(schema.items ?? {}, line.trim()));
    return wrong === undefined ? undefined : `“${wrong.trim()}” ${faultIn(schema.items ?? {}, wrong.trim()) ?? ''}`;
  }
  if (hasPlaceholder(draft)) return undefined;
  if (schema.type === 'boolean') return /^(true|false)$/.test(draft) ? undefined : 'must be true or false';
  if (schema.enum) return schema.enum.map(String).includes(draft) ? undefined : 'is no choice';
  if (isNumeric(schema)) return faultInNumber(schema, draft);
  const { minLength = 0, maxLength = Infinity, pattern } = schema;
  if (draft.length < minLength) return minLength === 1 ? 'must not be empty' : `at least ${minLength} characters`;
  if (draft.length > maxLength) return `at most ${maxLength} characters`;
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(draft)) return 'is not written as it must be';
  return undefined;
}

function faultInNumber(
  { type, minimum = -Infinity, maximum = Infinity }: KeySchema,
  draft: string,
): string | undefined {
  const number = Number(draft);
  if (draft.trim() === '' || !Number.isFinite(number)) return 'must be a number';
  if (type === 'integer' && !Number.isInteger(number)) return 'must be a whole number';
  if (number < minimum) return `must be at least ${minimum}`;
  return number > maximum ? `must be at most ${maximum}` : undefined;
}
