import type { Cancellable, Directory } from '@oxtender/bundle-api';
import { commonStatus } from '../protocol/common-status';

/** What a device says of pictures. [MS-ASCMD] "Picture (Search)", "Picture (ResolveRecipients)", "Picture (Find)". */
export interface PictureOptions {
  /** Bytes. */
  readonly maxSize?: number | undefined;
  readonly maxPictures?: number | undefined;
}

/** Largest picture, in bytes, whatever a device asks for. [MS-ASCMD] "MaxSize (Search)". */
const largest = 102_400;

const success = 1;

/** A picture's status, and its bytes if it is 1. */
export interface PictureAnswer {
  readonly status: number;
  readonly data?: Uint8Array;
}

/** Pictures of people for one answer: no more and no larger ones than the device wants. */
export class Pictures {
  readonly #maxSize: number;
  #left: number;

  constructor(
    private readonly directory: Pick<Directory, 'picture'>,
    { maxSize = largest, maxPictures = Infinity }: PictureOptions,
  ) {
    this.#maxSize = Math.min(maxSize, largest);
    this.#left = maxPictures;
  }

  async of(address: string, { signal }: Cancellable): Promise<PictureAnswer> {
    if (this.#left <= 0) return { status: commonStatus('PICTURE_LIMIT_REACHED') };
    const picture = address === '' ? undefined : await this.directory.picture(address, { signal });
    if (!picture) return { status: commonStatus('NO_PICTURE') };
    if (picture.data.length > this.#maxSize) return { status: commonStatus('PICTURE_TOO_LARGE') };
    this.#left--;
    return { status: success, data: picture.data };
  }
}
