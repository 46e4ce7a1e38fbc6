/*
 * libdeblur: motion deblurring of video with recurrent networks.
 *
 * Copyright (c) 2026 the libdeblur authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * @file
 * The public C API.
 *
 * A context restores one stream of pictures of one format. Frames go in with deblur_send() and come
 * out, in the same order and one for one, with deblur_receive(); the network's window of neighbours
 * and its recurrent state live in the context.
 *
 * @code
 *     deblur_options options;
 *     deblur_format format;
 *     deblur_frame frame;
 *     deblur_context *ctx = NULL;
 *     void *done;
 *     int ret;
 *
 *     deblur_default_options(&options);
 *     deblur_default_format(&format);
 *     format.width = width;                    // 8-bit YUV 4:2:0; else component[], too
 *     format.height = height;
 *     ret = deblur_open(&ctx, &options, &format);
 *     if (ret < 0)
 *         return ret;                          // the log callback has said why
 *     do {
 *         deblur_default_frame(&frame);
 *         if (read_frame(&frame))              // sets src, dst, their strides, and opaque
 *             ret = deblur_send(ctx, &frame);
 *         else
 *             ret = deblur_send(ctx, NULL);    // no more
 *         while (ret >= 0 && (ret = deblur_receive(ctx, &done)) == DEBLUR_OK)
 *             write_frame(done);               // an opaque: its frame is restored
 *     } while (ret == DEBLUR_AGAIN);
 *     deblur_close(&ctx);
 *     return ret == DEBLUR_EOF ? 0 : ret;
 * @endcode
 *
 * A deblur_model has the weights, loaded on a device. deblur_open() loads one for the context alone; several contexts
 * share one that deblur_model_open() has loaded.
 *
 * Threads: different contexts may be used from different threads at the same time, also with the same model; one context
 * must not, nor one model in two calls that open contexts.
 *
 * Processes: a context belongs to the process that opened it. In a child made by fork(), every call with it fails with
 * DEBLUR_INVALID_ARGUMENT, and deblur_close() frees nothing. A child of a process that has ever opened a context opens
 * none: DEBLUR_NO_ENGINE. One that calls exec(), or whose parent has not opened any, is free.
 *
 * Environment: DEBLUR_MODELS (a folder with index.json), DEBLUR_ENGINE and DEBLUR_ENGINE_CUDA (files) stand for what was
 * installed beside the library. Set-user-ID programs, and others that have more rights than their user, ignore them.
 *
 * The network and its libraries are loaded when the first context or model opens, never earlier: linking
 * libdeblur costs a program nothing until it deblurs.
 */

#ifndef LIBDEBLUR_DEBLUR_H
#define LIBDEBLUR_DEBLUR_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(DEBLUR_BUILDING_LIBRARY)
#define DEBLUR_API __attribute__((visibility("default")))
#else
#define DEBLUR_API
#endif

#define DEBLUR_VERSION_MAJOR 0
#define DEBLUR_VERSION_MINOR 1
#define DEBLUR_VERSION_PATCH 0

/** Version of the library at run time: major << 16 | minor << 8 | patch. */
DEBLUR_API unsigned deblur_version(void);

/** Return codes. Errors are negative; each is also explained in one line to the log callback. */
enum deblur_status {
    DEBLUR_OK = 0,
    DEBLUR_AGAIN = 1, /**< deblur_receive(): send first; deblur_send(): receive first */
    DEBLUR_EOF = 2,   /**< deblur_receive(): drained; deblur_list_models(): no such index */
    DEBLUR_INVALID_ARGUMENT = -1, /**< an option, a format or a call that makes no sense */
    DEBLUR_OUT_OF_MEMORY = -2,    /**< host or device memory */
    DEBLUR_NO_ENGINE = -3,        /**< the engine module is missing or does not fit this library */
    DEBLUR_NO_DEVICE = -4,        /**< the device is not there or not usable */
    DEBLUR_BAD_WEIGHTS = -5,      /**< the weight file is missing, damaged, or of another network */
    DEBLUR_FAILURE = -6           /**< anything else, named in the log */
};

/** A constant English phrase for a return code. Never NULL. */
DEBLUR_API const char *deblur_strerror(int status);

enum deblur_log_level {
    DEBLUR_LOG_ERROR,   /**< the call fails */
    DEBLUR_LOG_WARNING, /**< the result may not be what was asked for */
    DEBLUR_LOG_INFO,    /**< once per context: what was chosen and why */
    DEBLUR_LOG_DEBUG    /**< for developers */
};

/**
 * Receives one message: a line of at most 1023 bytes, without a line end. May be called from a thread of the library,
 * until deblur_close() returns; never from two threads at the same time for one context.
 *
 * It must not call the library, nor wait for a thread that does. What it calls fails with DEBLUR_INVALID_ARGUMENT, and
 * deblur_close() does nothing there.
 */
typedef void (*deblur_log_callback)(void *cookie, enum deblur_log_level level, const char *message);

enum deblur_precision {
    DEBLUR_PRECISION_AUTO, /**< the fastest that the device computes natively */
    DEBLUR_PRECISION_FP32,
    DEBLUR_PRECISION_BF16,
    DEBLUR_PRECISION_FP16,
    DEBLUR_PRECISION_INT8 /**< bf16 or fp32 with 8-bit products, on CPUs with VNNI */
};

/** How to restore. Fill with deblur_default_options(), then change fields. Strings are copied. */
typedef struct deblur_options {
    size_t struct_size; /**< sizeof(deblur_options); set by deblur_default_options() */

    /**
     * Name from the model list. NULL or "auto" is the default or, if that is not shipped with this
     * window, the first that is. "strcnn+dtb" is "strcnn_dtb".
     */
    const char *model;

    /** m: frames looked at on each side of the current one, 0 to 3; -1 takes what the model has. */
    int window;

    /** Size in pixels at which the network works; 0 x 0 for the size of the pictures. With the same
     *  limits as that. */
    int width, height;

    /** Path of a .safetensors file, NULL for the shipped weights of the model and window. */
    const char *weights;

    /** "auto", "cpu", "cuda" or "cuda:N". NULL is "auto". */
    const char *device;

    enum deblur_precision precision;

    /** Threads for the computation on the CPU; 0 for one per core. More than four per core are reduced to that. */
    int threads;

    /**
     * Scene-cut threshold, 0 to 100 (percent of full scale): where the mean absolute change of luma
     * from one frame to the next rises by more than this, a new scene starts, with a fresh state and
     * a window of its own. 0 switches detection off. Default 10.
     */
    float scene;

    /**
     * Frames that deblur_send() takes beyond the window before deblur_receive() waits for the
     * oldest, 0 to 64. More lets caller and network overlap; 0 gives the least delay. Default 2.
     */
    int queue;

    /** Where messages go; NULL for stderr (errors and warnings only). */
    deblur_log_callback log;
    void *log_cookie;

    /** Nonzero: deblur_receive_result() measures sharpness, which costs a little time. Default 0. */
    int stats;

    /** Nonzero: the pictures become those of what the network sees, white where it sees it, instead of being
     *  restored; for models that have such a map. Default 0. */
    int mask;

    /** How much the correction is weighted by that map, 0 to 1: 0 everywhere alike, 1 only where the map is white.
     *  Default 0. */
    float focus;

    /** How many regions of a frame are refined at most, 0 to 64, by models that refine their pictures region by region.
     *  Default 3. */
    int passes;

    /** How many regions that are still blurred in the model's pictures are refined by a second model (brmr) at most,
     *  0 to 64. Default 0: none. */
    int refine;

    /** Path of that second model's .safetensors file, NULL for the installed one. */
    const char *refiner;

    /** MiB of a GPU's memory that the maps of one step of the network may take, 0 to 1048576: where frames need
     *  more, they are computed in tiles. 0, the default, is 0.7 of what is free, and more than that is never taken. No
     *  effect on the CPU. */
    int memory;
} deblur_options;

/** Sets the options of a caller whose struct has struct_size bytes to their defaults. */
DEBLUR_API void deblur_default_options_sized(deblur_options *options, size_t struct_size);

/** Sets every field that the caller was compiled with to its default. */
static inline void deblur_default_options(deblur_options *options) {
    deblur_default_options_sized(options, sizeof(*options));
}

enum deblur_color_model {
    DEBLUR_MODEL_RGB, /**< components R, G, B */
    DEBLUR_MODEL_YUV, /**< components Y, Cb, Cr */
    DEBLUR_MODEL_GRAY /**< one component, Y */
};

/** Luma coefficients, as in ITU-T H.273 MatrixCoefficients. Ignored if the model is RGB. */
enum deblur_matrix {
    DEBLUR_MATRIX_UNSPECIFIED, /**< BT.709 from 720 lines upwards, BT.601 below */
    DEBLUR_MATRIX_BT601,
    DEBLUR_MATRIX_BT709,
    DEBLUR_MATRIX_BT2020_NCL,
    DEBLUR_MATRIX_FCC,
    DEBLUR_MATRIX_SMPTE240M,
    DEBLUR_MATRIX_YCGCO,
    DEBLUR_MATRIX_IDENTITY /**< Y, Cb and Cr are G, B and R, all with the range of luma */
};

enum deblur_range {
    DEBLUR_RANGE_UNSPECIFIED, /**< limited for YUV and gray, full for RGB */
    DEBLUR_RANGE_LIMITED,
    DEBLUR_RANGE_FULL
};

/** Position of a chroma sample relative to the luma samples that it covers. */
enum deblur_chroma_location {
    DEBLUR_CHROMA_UNSPECIFIED, /**< as DEBLUR_CHROMA_LEFT */
    DEBLUR_CHROMA_LEFT,
    DEBLUR_CHROMA_CENTER,
    DEBLUR_CHROMA_TOPLEFT,
    DEBLUR_CHROMA_TOP,
    DEBLUR_CHROMA_BOTTOMLEFT,
    DEBLUR_CHROMA_BOTTOM
};

enum deblur_sample_type {
    DEBLUR_SAMPLE_INTEGER, /**< code values of 8 to 16 bits */
    DEBLUR_SAMPLE_FLOAT    /**< IEEE 754 with 16 or 32 bits, [0,1] as nominal range (Cb, Cr:
                                [-1/2,1/2]); deblur_format.range has no meaning then */
};

/** Which lines of an interlaced frame the pictures consist of. */
enum deblur_field {
    DEBLUR_FIELD_NONE,  /**< all: the pictures are frames */
    DEBLUR_FIELD_TOP,   /**< the lines 0, 2, 4, ... */
    DEBLUR_FIELD_BOTTOM /**< the lines 1, 3, 5, ... */
};

/** Where the samples of frames are. */
enum deblur_memory {
    DEBLUR_MEMORY_HOST, /**< what the CPU reads and writes */
    DEBLUR_MEMORY_CUDA /**< memory of an NVIDIA GPU: integer samples only, and the network runs on that GPU */
};

/** Where the samples of one component lie (the fields of FFmpeg's AVComponentDescriptor). */
typedef struct deblur_component {
    int plane;  /**< index into deblur_frame.src and dst */
    int step;   /**< bytes from one sample to the next in a row */
    int offset; /**< bytes before the first sample of a row */
    int shift;  /**< bits below the value in its word (6 for P010) */
    int depth;  /**< bits of the value, 8 to 16; with shift 8 in a byte, more in an aligned 16-bit
                     word. Floating point: 16 or 32, in an aligned word of that size */
} deblur_component;

#define DEBLUR_MAX_PLANES 4

/** The layout and colour of the pictures of a stream. Fill with deblur_default_format(). */
typedef struct deblur_format {
    size_t struct_size; /**< sizeof(deblur_format); set by deblur_default_format() */
    int width, height;  /**< pixels, 1 to 16384 each, 67108864 (8192 x 8192) together, 4096 to 1 */
    enum deblur_color_model model;
    deblur_component component[3];
    int log2_chroma_w, log2_chroma_h; /**< subsampling of Cb and Cr: 0 (none), 1 or 2 */
    enum deblur_matrix matrix;
    enum deblur_range range;
    enum deblur_chroma_location chroma_location; /**< in frames, also if the pictures are fields */
    enum deblur_sample_type sample_type;
    int big_endian; /**< nonzero: the bytes of a word begin with the most significant one */

    /** Fields have subsampled chroma elsewhere than frames (a quarter of a line up or down). width
     *  and height are those of the pictures, so of the fields. */
    enum deblur_field field;

    /** With DEBLUR_MEMORY_CUDA, deblur_frame.src and dst are device addresses. deblur_options.device
     *  is then "auto", which takes the GPU that they belong to or fails, or that GPU. */
    enum deblur_memory memory;

    /** Of frames in CUDA memory: the CUcontext that they were allocated in, which lives until
     *  deblur_close(); NULL is the device's primary context. There, frames are read and written where they
     *  are; from and to another context, they are copied on the device. */
    void *cuda_context;

    /** A CUstream of that context, NULL for its default stream. What was queued on it before
     *  deblur_send() is waited for, on the device. What deblur_receive() hands out is complete for every
     *  stream. */
    void *cuda_stream;
} deblur_format;

/** Sets the format of a caller whose struct has struct_size bytes to its defaults. */
DEBLUR_API void deblur_default_format_sized(deblur_format *format, size_t struct_size);

/** 8-bit planar YUV 4:2:0 frames of size 0 x 0 with unspecified colour tags, in host memory. */
static inline void deblur_default_format(deblur_format *format) {
    deblur_default_format_sized(format, sizeof(*format));
}

/**
 * One frame on its way. Fill with deblur_default_frame(), then set fields. The caller keeps src and
 * dst valid and unchanged from deblur_send() until deblur_receive() returns the frame's opaque, or
 * until deblur_close().
 */
typedef struct deblur_frame {
    size_t struct_size; /**< sizeof(deblur_frame); set by deblur_default_frame() */
    const void *src[DEBLUR_MAX_PLANES];
    /** Bytes from one row to the next; may be negative in host memory. */
    ptrdiff_t src_stride[DEBLUR_MAX_PLANES];

    /**
     * The restored picture is written here. dst may equal src (restoration in place); otherwise it
     * must hold a copy of the source, as samples that need no correction are not written.
     */
    void *dst[DEBLUR_MAX_PLANES];
    ptrdiff_t dst_stride[DEBLUR_MAX_PLANES];

    /** Share of the correction that is applied, 0 to 1. At 0 the picture is not touched, but the
     *  recurrent state still follows the stream. Default 1. */
    float strength;

    int reset;    /**< nonzero: this frame has nothing to do with the ones before it (a seek) */
    void *opaque; /**< handed back by deblur_receive() */
} deblur_frame;

/** Sets the frame of a caller whose struct has struct_size bytes to its defaults. */
DEBLUR_API void deblur_default_frame_sized(deblur_frame *frame, size_t struct_size);

/** No planes, no opaque, no reset, and all of the correction. */
static inline void deblur_default_frame(deblur_frame *frame) {
    deblur_default_frame_sized(frame, sizeof(*frame));
}

typedef struct deblur_model deblur_model;
typedef struct deblur_context deblur_context;

/**
 * Loads the engine and the weights, for contexts that share them.
 *
 * Of the options, model, window, weights, device, precision, refine, refiner and the log are looked at. The log is told of
 * errors while this call lasts.
 *
 * @param[out] model a new model, to be closed with deblur_model_close(); NULL after an error
 * @param format of pictures to come, which decides on which device "auto" is, or NULL for any in host memory
 * @return DEBLUR_OK or an error
 */
DEBLUR_API int deblur_model_open(deblur_model **model, const deblur_options *options,
                                 const deblur_format *format);

/** Gives the model back. It lives on as long as a context uses it. Sets *model to NULL; NULL is fine. */
DEBLUR_API void deblur_model_close(deblur_model **model);

/**
 * As deblur_open(), with a model that is loaded already: model, window, weights, device, precision and refiner of the options
 * are not looked at. With refine above 0, the model must have been opened so.
 */
DEBLUR_API int deblur_open_with_model(deblur_context **ctx, deblur_model *model,
                                      const deblur_options *options, const deblur_format *format);

/**
 * Loads the engine and the weights, and prepares a stream.
 *
 * On success *ctx is a new context, to be freed with deblur_close(). On failure *ctx is NULL, a
 * negative deblur_status is returned, and the log callback has been told the reason: the offending
 * value, and what is valid.
 */
DEBLUR_API int deblur_open(deblur_context **ctx, const deblur_options *options,
                           const deblur_format *format);

/**
 * Queues a frame; frame == NULL marks the end of the stream, after which deblur_receive() hands out
 * what is left and then DEBLUR_EOF. Does not wait for the network. Errors of the network itself
 * surface here or in deblur_receive(), and persist.
 *
 * @return DEBLUR_OK; DEBLUR_AGAIN if more than deblur_get_delay() + queue frames are on their way:
 *         the frame was not taken, call deblur_receive() first; DEBLUR_INVALID_ARGUMENT after the
 *         end was marked; or another error
 */
DEBLUR_API int deblur_send(deblur_context *ctx, const deblur_frame *frame);

/**
 * Hands out the oldest finished frame, waiting for it if more than deblur_get_delay() + queue frames
 * are on their way or the end was marked.
 *
 * @param[out] opaque the frame's opaque; its dst holds the restored picture
 * @return DEBLUR_OK, DEBLUR_AGAIN, DEBLUR_EOF or an error
 */
DEBLUR_API int deblur_receive(deblur_context *ctx, void **opaque);

/** What became of a frame. */
typedef struct deblur_result {
    size_t struct_size;  /**< sizeof(deblur_result), set by the caller */
    void *opaque;        /**< the frame's */
    int starts_sequence; /**< nonzero: the state was fresh: a scene cut, a reset, the first frame */
    float milliseconds;  /**< time that its restoration took, without waiting */

    /** With deblur_options.stats, else 0: variance of the Laplacian of luma (scaled to 0..255), at
     *  the size at which the network works, without and with the correction that was applied. */
    float sharpness_before, sharpness_after;
} deblur_result;

/** As deblur_receive(), and tells more. */
DEBLUR_API int deblur_receive_result(deblur_context *ctx, deblur_result *result);

/**
 * Goes on after the end of a stream was marked and deblur_receive() has returned DEBLUR_EOF: nothing is loaded or planned
 * anew. The recurrent state stays, for streams that were only interrupted; deblur_frame.reset starts anew.
 *
 * @param format of the frames to come, with the width, height, field and memory that the context was opened with; NULL: the
 *        same as before
 * @return DEBLUR_OK, DEBLUR_INVALID_ARGUMENT for another size or before DEBLUR_EOF, or another error
 */
DEBLUR_API int deblur_restart(deblur_context *ctx, const deblur_format *format);

/** m: how many later frames the network needs to see before it can restore one. */
DEBLUR_API int deblur_get_delay(const deblur_context *ctx);

/** Waits for work in progress, drops what is queued, frees the context. Sets *ctx to NULL; NULL is fine. */
DEBLUR_API void deblur_close(deblur_context **ctx);

/** One entry of the model list. The strings live as long as the library. */
typedef struct deblur_model_info {
    size_t struct_size;      /**< sizeof(deblur_model_info), set by the caller */
    const char *name;        /**< for deblur_options.model */
    const char *description; /**< one line */
    const char *weights;     /**< path of the shipped file */
    int window;              /**< m of these weights */
    int is_default;          /**< nonzero for what model == NULL takes */
} deblur_model_info;

/**
 * Describes shipped weights number index, counting from 0. Does not load the engine.
 *
 * @return DEBLUR_OK, DEBLUR_EOF past the end, or an error if the list cannot be read
 */
DEBLUR_API int deblur_list_models(int index, deblur_model_info *info);

#ifdef __cplusplus
}
#endif

#endif
