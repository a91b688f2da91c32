/** What terminals take for commands or turn lines around with; lines and tabs are none of it. ECMA-48, "C0 set", "C1 set"; UAX #9. */
const controls = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

/** A text for the terminal: devices choose what they are called, and must not drive the terminal of who looks at them. */
export function printable(text: string): string {
  return text.replaceAll(controls, '\ufffd');
}

/** JSON of which the same is true; it says the same. */
export function printableJson(value: unknown, indent?: number): string {
  const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value, null, indent).replaceAll(controls, escaped);
}
