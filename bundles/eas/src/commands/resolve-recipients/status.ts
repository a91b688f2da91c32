/** [MS-ASCMD] "Status (ResolveRecipients)": of the request, of a Response, of Certificates. */
export const ResolveRecipientsStatus = {
  Success: 1,
  Ambiguous: 2,
  AmbiguousPartial: 3,
  NoMatch: 4,
  ProtocolError: 5,
  ServerError: 6,
  NoCertificate: 7,
  CertificateLimit: 8,
} as const;
