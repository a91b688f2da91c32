import type { Message } from '@oxtender/bundle-api';

/** What is quoted of the mail that is answered or forwarded. */
export type Original = Pick<
  Message,
  'subject' | 'from' | 'to' | 'cc' | 'sentAt' | 'receivedAt' | 'bodies' | 'messageId' | 'references'
>;
