import { AirSyncBase, Calendar, Contacts, Email, type Element, Tasks } from '@oxtender/eas';

/** Lists in which the order says nothing. */
const unordered = new Set([
  Contacts.Categories,
  Contacts.Children,
  Calendar.Categories,
  Calendar.Attendees,
  Tasks.Categories,
  Email.Categories,
]);

/** Texts that mean the same although they differ: the names in a zone, the hour of a day. */
const forms = new Map<Element['tag'], (text: string) => string>([
  [Calendar.Timezone, withoutNames],
  [Calendar.Until, (text) => text.slice(0, 8)],
  [Tasks.Until, (text) => text.slice(0, 10)],
  [AirSyncBase.Data, (text) => text.replaceAll('\r\n', '\n').trimEnd()],
  [Contacts.Body, (text) => text.replaceAll('\r\n', '\n').trimEnd()],
  [Calendar.Body, (text) => text.replaceAll('\r\n', '\n').trimEnd()],
  [Tasks.Body, (text) => text.replaceAll('\r\n', '\n').trimEnd()],
]);

/** What of the elements that were sent did not arrive: paths with both texts. What came beside them is the server's. */
export function lost(sent: readonly Element[], received: readonly Element[], path = ''): string[] {
  const tags = [...new Set(sent.map(({ tag }) => tag))];
  return tags.flatMap((tag) => {
    const here = `${path}/${tag.name}`;
    const [left, right] = [sent, received].map((all) => all.filter((one) => one.tag === tag)) as [Element[], Element[]];
    if (left.length !== right.length) return [`${here}: ${left.length} sent, ${right.length} received`];
    return left.flatMap((one, index) => lostOf(one, right[index] as Element, here));
  });
}

function lostOf(sent: Element, received: Element, path: string): string[] {
  if (sent.children.length > 0) {
    const [left, right] = [sent, received].map(({ tag, children }) =>
      unordered.has(tag) ? sorted(children) : children,
    );
    return lost(left as Element[], right as Element[], path);
  }
  const form = forms.get(sent.tag) ?? ((text: string) => text);
  return form(sent.text) === form(received.text)
    ? []
    : [`${path}: ${JSON.stringify(sent.text)} sent, ${JSON.stringify(received.text)} received`];
}

const sorted = (elements: readonly Element[]): Element[] =>
  [...elements].sort((left, right) => keyOf(left).localeCompare(keyOf(right)));
const keyOf = (element: Element): string => element.child(Calendar.Email)?.text ?? element.text;

/** [MS-ASDTYPE] "TimeZone": the two names are 64 bytes each. */
function withoutNames(text: string): string {
  const blob = Buffer.from(text, 'base64');
  return blob.fill(0, 4, 68).fill(0, 88, 152).toString('base64');
}
