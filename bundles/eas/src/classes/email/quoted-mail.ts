/** How the usual mail programs begin the mail that they quote, in HTML. */
const quotations: readonly RegExp[] = [
  /<blockquote\b/i, // Apple Mail, Thunderbird
  /<div[^>]{0,300}\bclass="?gmail_quote/i,
  /<div[^>]{0,300}\bid="?(?:divRplyFwdMsg|appendonsend|mail-editor-reference-message-container)/i, // Outlook on the web and mobile
  /<div[^>]{0,300}style="[^"]{0,300}border-top:\s*solid #[0-9a-f]{6} 1\.0pt/i, // Outlook
  /-----\s?Original Message\s?-----/i,
];

/** The part of a mail that its sender wrote: what stands before the quoted mail. All of it when nothing is quoted. */
export function withoutQuotedMail(html: string): string {
  const begins = quotations.map((quotation) => html.search(quotation)).filter((at) => at > 0);
  return begins.length === 0 ? html : html.slice(0, Math.min(...begins));
}
