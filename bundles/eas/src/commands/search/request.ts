import { type Infer, container, flag, integer, many, object, oneOf, optional, text, tree } from '../../protocol/schema';
import { AirSync, AirSyncBase, RightsManagement, Search as Page } from '../../wbxml';
import { bodyPreference } from '../body-preference';

/** [MS-ASCMD] "Options (Search)". */
const options = object({
  range: optional(text(Page.Range)),
  deepTraversal: optional(flag(Page.DeepTraversal), false),
  // every search is made anew: there are no results that could be old
  rebuildResults: optional(flag(Page.RebuildResults), false),
  mimeSupport: optional(oneOf(AirSync.MIMESupport, [0, 1, 2]), 0),
  bodyPreferences: many(AirSyncBase.BodyPreference, bodyPreference),
  bodyPartPreferences: many(AirSyncBase.BodyPartPreference, bodyPreference),
  rightsManagementSupport: optional(flag(RightsManagement.RightsManagementSupport)),
  picture: optional(
    container(
      Page.Picture,
      object({ maxSize: optional(integer(Page.MaxSize)), maxPictures: optional(integer(Page.MaxPictures)) }),
    ),
  ),
  userName: optional(text(Page.UserName)),
  password: optional(text(Page.Password)),
  schema: optional(tree(Page.Schema)),
  supported: optional(tree(Page.Supported)),
});

/** [MS-ASCMD] "Search", request schema. What a Query may hold depends on the store. */
export const searchRequest = container(
  Page.Store,
  object({ name: text(Page.Name), query: tree(Page.Query), options: optional(container(Page.Options, options)) }),
);

export type StoreRequest = Infer<typeof searchRequest>;
export type SearchOptions = Partial<Infer<typeof options>>;
