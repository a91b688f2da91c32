import { type Infer, choice, container, flag, integer, many, object, optional, text } from '../../protocol/schema';
import { AirSync, Find as Page } from '../../wbxml';

const picture = container(
  Page.Picture,
  object({ maxSize: optional(integer(Page.MaxSize)), maxPictures: optional(integer(Page.MaxPictures)) }),
);

/** [MS-ASCMD] "MailBoxSearchCriterion". */
const mailbox = object({
  query: container(
    Page.Query,
    object({
      classes: many(text(AirSync.Class)),
      collectionIds: many(text(AirSync.CollectionId, { max: 64 })),
      freeText: optional(text(Page.FreeText, { max: 1024 })),
    }),
  ),
  options: optional(
    container(
      Page.Options,
      object({ range: optional(text(Page.Range)), deepTraversal: optional(flag(Page.DeepTraversal), false) }),
    ),
  ),
});

/** [MS-ASCMD] "GalSearchCriterion". */
const gal = object({
  query: text(Page.Query, { max: 1024 }),
  options: optional(
    container(
      Page.Options,
      object({
        range: optional(text(Page.Range)),
        deepTraversal: optional(flag(Page.DeepTraversal)),
        picture: optional(picture),
      }),
    ),
  ),
});

/** [MS-ASCMD] "Find", request schema. */
export const findRequest = object({
  searchId: text(Page.SearchId, { min: 1, max: 64 }),
  search: container(
    Page.ExecuteSearch,
    choice({
      mailbox: container(Page.MailBoxSearchCriterion, mailbox),
      gal: container(Page.GalSearchCriterion, gal),
    }),
  ),
});

export type FindRequest = Infer<typeof findRequest>;
export type MailboxCriterion = Infer<typeof mailbox>;
