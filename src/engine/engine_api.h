/*
 * What libdeblur calls in an engine module: the one symbol that a module exports.
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef DEBLUR_ENGINE_API_H
#define DEBLUR_ENGINE_API_H

#include <libdeblur/deblur.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Grows with every change of this header or of a struct of deblur.h. */
#define DEBLUR_ENGINE_ABI 10

/** The name under which a module exports its deblur_engine_table. */
#define DEBLUR_ENGINE_SYMBOL "deblur_engine"

/** What a table begins with. */
#define DEBLUR_ENGINE_MAGIC "libdeblur engine"

/** The part of a table that is the same in all versions. */
typedef struct deblur_engine_head {
    char magic[sizeof(DEBLUR_ENGINE_MAGIC)]; /**< DEBLUR_ENGINE_MAGIC */
    unsigned abi; /**< DEBLUR_ENGINE_ABI of the module; nothing else is read if it differs */
} deblur_engine_head;

/** SHA-256 of files, 64 hexadecimal digits; NULL: not known. */
typedef struct deblur_checksums {
    const char *weights, *refiner;
} deblur_checksums;

typedef struct deblur_engine_model deblur_engine_model;
typedef struct deblur_session deblur_session;

typedef struct deblur_engine_table {
    deblur_engine_head head;

    /**
     * As deblur_model_open(). The library has checked every field that needs no engine to check, and
     * has completed the options: weights is a path, device is a name, threads is 1 or more, log is set and may be called
     * from any thread; model is the architecture that the weights must have, or NULL for any, and
     * window their m, or -1 for any. refiner is a path if refine is not 0.
     */
    int (*open_model)(deblur_engine_model **model, const deblur_options *options,
                      const deblur_checksums *checksums);

    /** Sessions keep what they need of it. */
    void (*close_model)(deblur_engine_model *model);

    /** As deblur_open_with_model(); options are as above, and those of the model are not looked at. */
    int (*open)(deblur_session **session, deblur_engine_model *model, const deblur_options *options,
                const deblur_format *format);

    /** As in deblur.h; the library has checked the frame. */
    int (*send)(deblur_session *session, const deblur_frame *frame);
    /** As deblur_receive_result(), with all fields of this version. */
    int (*receive)(deblur_session *session, deblur_result *result);
    /** As in deblur.h; the library has checked the format, and compared its size. */
    int (*restart)(deblur_session *session, const deblur_format *format);
    int (*delay)(const deblur_session *session);
    void (*close)(deblur_session *session);
} deblur_engine_table;

#ifdef __cplusplus
}
#endif

#endif
