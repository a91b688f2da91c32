import { isOxtenderError } from '@oxtender/bundle-api';
import { SearchError, type SearchErrorCode } from '../../lookup/search-error';

/** [MS-ASCMD] "Status (Search)": of the store; the request as a whole has 1, 2 or 3. */
export const SearchStatus = {
  Success: 1,
  InvalidRequest: 2,
  ServerError: 3,
  BadLink: 4,
  AccessDenied: 5,
  NotFound: 6,
  TooComplex: 8,
  FolderSyncRequired: 11,
  EndOfRange: 12,
  AccessBlocked: 13,
} as const;

const statusOfError: Readonly<Record<SearchErrorCode, number>> = {
  INVALID_QUERY: SearchStatus.InvalidRequest,
  TOO_COMPLEX: SearchStatus.TooComplex,
  FOLDER_SYNC_REQUIRED: SearchStatus.FolderSyncRequired,
  END_OF_RANGE: SearchStatus.EndOfRange,
  BAD_LINK: SearchStatus.BadLink,
  BLOCKED: SearchStatus.AccessBlocked,
  NO_STORE: SearchStatus.NotFound,
};

/** The store's status for an error; undefined when the error is none of the store's. */
export function storeStatus(error: unknown): number | undefined {
  if (error instanceof SearchError) return statusOfError[error.code];
  if (isOxtenderError(error, 'PERMISSION')) return SearchStatus.AccessDenied;
  // a folder that is gone: the device has yet to hear of it
  if (isOxtenderError(error, 'NOT_FOUND')) return SearchStatus.FolderSyncRequired;
  return undefined;
}
