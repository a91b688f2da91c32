import { type Infer, flag, integer, object, optional } from '../protocol/schema';
import { AirSyncBase } from '../wbxml';

/** [MS-ASAIRS] "BodyPreference", "BodyPartPreference": the order is strict. */
export const bodyPreference = object(
  {
    type: integer(AirSyncBase.Type, { min: 1, max: 4 }),
    truncationSize: optional(integer(AirSyncBase.TruncationSize)),
    allOrNone: optional(flag(AirSyncBase.AllOrNone), false),
    preview: optional(integer(AirSyncBase.Preview, { max: 255 })),
  },
  { order: 'strict' },
);

export type BodyPreferenceRequest = Infer<typeof bodyPreference>;
