/** What `oxtender … --dry-run` tells: one line for each kind of consequence. */
export function Consequences({ text }: { text: string | undefined }) {
  const lines = (text ?? '').split('\n').filter((line) => line !== '');
  if (lines.length === 0) return <p>Nothing else would change.</p>;
  return (
    <dl class="facts">
      {lines.map((line) => {
        const at = line.indexOf(': ');
        return at < 0 ? (
          <div key={line}>
            <dt class="unseen">Consequence</dt>
            <dd>{line}</dd>
          </div>
        ) : (
          <div key={line}>
            <dt>{capitalised(line.slice(0, at))}</dt>
            <dd>{line.slice(at + 2)}</dd>
          </div>
        );
      })}
    </dl>
  );
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
