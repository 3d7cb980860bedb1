/** Undoes content codings as bytes arrive, so that an event is seen when it comes. */
import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';

const { constants } = zlib;

/** A decoder that gives what it has at every piece and forgives a missing end. Undefined: an unknown coding. */
export function decoderOf(coding: string): Transform | undefined {
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip({ flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH });
    case 'deflate':
      return zlib.createInflate({ flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH });
    case 'br':
      return zlib.createBrotliDecompress({
        flush: constants.BROTLI_OPERATION_FLUSH,
        finishFlush: constants.BROTLI_OPERATION_FLUSH,
      });
    case 'zstd':
      return zlib.createZstdDecompress();
    default:
      return undefined;
  }
}
