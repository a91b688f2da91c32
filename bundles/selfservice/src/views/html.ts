import escape from 'escape-html';

/** Markup that may be put into a page as it is. */
export class Html {
  constructor(readonly text: string) {}
}

type Value = string | number | Html | false | undefined | readonly Value[];

/** Markup with values: texts are escaped, so write attributes in double quotes. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(strings.map((string, at) => string + write(values[at])).join(''));
}

function write(value: Value): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(write).join('');
  return escape(String(value));
}
