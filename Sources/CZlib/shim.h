#pragma once
#include <zlib.h>

// deflateInit2 is a macro. 15 + 16: the largest window, in gzip's format.
static inline int czlib_gzip_init(z_stream *stream) {
    return deflateInit2(stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
}
