import { type Infer, container, dateTime, integer, many, object, oneOf, optional, text } from '../../protocol/schema';
import { ResolveRecipients as Page } from '../../wbxml';

/** [MS-ASCMD] "Options (ResolveRecipients)". */
const options = object({
  certificateRetrieval: optional(oneOf(Page.CertificateRetrieval, [1, 2, 3]), 1),
  maxCertificates: optional(integer(Page.MaxCertificates, { max: 9999 })),
  maxAmbiguousRecipients: optional(integer(Page.MaxAmbiguousRecipients, { max: 9999 })),
  availability: optional(
    container(Page.Availability, object({ start: dateTime(Page.StartTime), end: optional(dateTime(Page.EndTime)) })),
  ),
  picture: optional(
    container(
      Page.Picture,
      object({ maxSize: optional(integer(Page.MaxSize)), maxPictures: optional(integer(Page.MaxPictures)) }),
    ),
  ),
});

/** [MS-ASCMD] "ResolveRecipients", request schema; the limits: "To", "Limiting Size of Command Requests". */
export const resolveRecipientsRequest = object({
  to: many(text(Page.To, { max: 256 }), { min: 1, max: 100 }),
  options: optional(container(Page.Options, options)),
});

export type ResolveRecipientsRequest = Infer<typeof resolveRecipientsRequest>;
export type ResolveOptions = Partial<Infer<typeof options>>;
