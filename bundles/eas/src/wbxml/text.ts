/** Not allowed in XML 1.0, "Characters". Lone surrogates are seen to by the UTF-8 encoder, which writes U+FFFD. */

const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
const everyForbidden = new RegExp(forbidden.source, 'g');

/** Removes the characters that XML forbids, on which devices choke; among them NUL, which would end the string. */
export function cleanText(text: string): string {
  return forbidden.test(text) ? text.replace(everyForbidden, '') : text;
}
