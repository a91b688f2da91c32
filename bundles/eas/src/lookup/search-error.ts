import { OxtenderError } from '@oxtender/bundle-api';

/**
 * Why a search is not carried out.
 *
 * - `INVALID_QUERY`: elements that the store has no use for, or none that it needs
 * - `TOO_COMPLEX`: more than this server looks for at once
 * - `FOLDER_SYNC_REQUIRED`: a folder that the device does not know, or all of them
 * - `END_OF_RANGE`: results beyond the last one, or more at once than there may be
 * - `BAD_LINK`: the address of a document is none
 * - `BLOCKED`: a store that this server does not offer
 * - `NO_STORE`: the user has no such store
 */
export type SearchErrorCode =
  'INVALID_QUERY' | 'TOO_COMPLEX' | 'FOLDER_SYNC_REQUIRED' | 'END_OF_RANGE' | 'BAD_LINK' | 'BLOCKED' | 'NO_STORE';

/** A search that is not carried out; Search and Find each have a status for it. */
export class SearchError extends OxtenderError<SearchErrorCode> {}
