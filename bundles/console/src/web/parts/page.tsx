import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Data } from '../use-data';

interface PageProps {
  readonly title: string;
  /** Where it stands: links to the pages above. */
  readonly above?: readonly (readonly [path: string, title: string])[];
  readonly actions?: ComponentChildren;
  readonly lead?: ComponentChildren;
  readonly children?: ComponentChildren;
}

export function Page({ title, above = [], actions, lead, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} – OXtender console`;
  }, [title]);
  return (
    <>
      <div class="head">
        <div>
          {above.length > 0 && (
            <p class="above">
              {above.map(([path, text]) => (
                <a key={path} href={path}>
                  {text}
                </a>
              ))}
            </p>
          )}
          <h1>{title}</h1>
          {lead !== undefined && <p class="lead">{lead}</p>}
        </div>
        {actions !== undefined && <div class="actions">{actions}</div>}
      </div>
      {children}
    </>
  );
}

/** What was asked for, when it is there; what went wrong, when it is not. */
export function Loaded<T>({ data, children }: { data: Data<T>; children: (value: T) => ComponentChildren }) {
  if (data.value !== undefined) return <>{children(data.value)}</>;
  if (data.error !== undefined)
    return (
      <div class="fault" role="alert">
        <p>{data.error}</p>
        <button type="button" onClick={data.reload}>
          Try again
        </button>
      </div>
    );
  return <p class="waiting">Loading…</p>;
}
