/*
 * Motion deblurring of video with recurrent networks: the libavfilter side of libdeblur.
 *
 * Copyright (c) 2026 the libdeblur authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * This file becomes part of FFmpeg; see libavfilter-patch/ in libdeblur's sources.
 */

/**
 * @file
 * Restores frames in place, one out for each one in. The network looks at frames before and after
 * the current one and keeps a state; both live in libdeblur. What lives here is the scheduling, and
 * the frames on their way with their properties.
 */

#include <limits.h>
#include <string.h>

#include <libdeblur/deblur.h>

#include "libavutil/avassert.h"
#include "libavutil/cpu.h"
#include "libavutil/fifo.h"
#include "libavutil/frame.h"
#include "libavutil/log.h"
#include "libavutil/mem.h"
#include "libavutil/opt.h"
#include "libavutil/parseutils.h"
#include "libavutil/pixdesc.h"

#include "avfilter.h"
#include "filters.h"
#include "vf_deblur_compat.h"

/** What all pictures of one libdeblur context have in common. */
typedef struct PictureKind {
    int width, height;
    enum AVPixelFormat format;
    enum AVColorSpace colorspace;
    enum AVColorRange color_range;
    enum AVChromaLocation chroma_location;
} PictureKind;

typedef struct DeblurContext {
    const AVClass *class;

    char *model;
    int window;
    char *resolution;
    char *weights;
    char *device;
    int precision;
    int threads;
    float strength;
    float scene;
    int queue;

    int width, height;      ///< resolution, parsed; 0x0 is the size of the source
    deblur_context *deblur;
    PictureKind kind;       ///< of the pictures that deblur was opened for
    AVFifo *frames;         ///< AVFrame *: sent to deblur and not yet received, oldest first
    int reset;              ///< the next frame starts a new sequence
    int status;             ///< of the input, once it has ended; then frames are only drained
    int64_t status_pts;
} DeblurContext;

static const enum AVPixelFormat pix_fmts[] = {
    AV_PIX_FMT_YUV420P,   AV_PIX_FMT_YUV422P,   AV_PIX_FMT_YUV444P,
    AV_PIX_FMT_YUVJ420P,  AV_PIX_FMT_YUVJ422P,  AV_PIX_FMT_YUVJ444P,
    AV_PIX_FMT_NV12,      AV_PIX_FMT_GBRP,      AV_PIX_FMT_RGB24,
    AV_PIX_FMT_YUV420P10, AV_PIX_FMT_P010,
    AV_PIX_FMT_NONE
};

static enum deblur_matrix matrix_of(enum AVColorSpace colorspace)
{
    switch (colorspace) {
    case AVCOL_SPC_BT470BG:
    case AVCOL_SPC_SMPTE170M:  return DEBLUR_MATRIX_BT601;
    case AVCOL_SPC_BT709:      return DEBLUR_MATRIX_BT709;
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL:  return DEBLUR_MATRIX_BT2020_NCL;
    case AVCOL_SPC_FCC:        return DEBLUR_MATRIX_FCC;
    case AVCOL_SPC_SMPTE240M:  return DEBLUR_MATRIX_SMPTE240M;
    case AVCOL_SPC_YCGCO:      return DEBLUR_MATRIX_YCGCO;
    default:                   return DEBLUR_MATRIX_UNSPECIFIED;
    }
}

static enum deblur_range range_of(const PictureKind *kind)
{
    switch (kind->format) {
    case AV_PIX_FMT_YUVJ420P:
    case AV_PIX_FMT_YUVJ422P:
    case AV_PIX_FMT_YUVJ444P:
        return DEBLUR_RANGE_FULL;
    default:
        break;
    }
    switch (kind->color_range) {
    case AVCOL_RANGE_MPEG: return DEBLUR_RANGE_LIMITED;
    case AVCOL_RANGE_JPEG: return DEBLUR_RANGE_FULL;
    default:               return DEBLUR_RANGE_UNSPECIFIED;
    }
}

static enum deblur_chroma_location chroma_location_of(enum AVChromaLocation location)
{
    switch (location) {
    case AVCHROMA_LOC_CENTER:     return DEBLUR_CHROMA_CENTER;
    case AVCHROMA_LOC_TOPLEFT:    return DEBLUR_CHROMA_TOPLEFT;
    case AVCHROMA_LOC_TOP:        return DEBLUR_CHROMA_TOP;
    case AVCHROMA_LOC_BOTTOMLEFT: return DEBLUR_CHROMA_BOTTOMLEFT;
    case AVCHROMA_LOC_BOTTOM:     return DEBLUR_CHROMA_BOTTOM;
    default:                      return DEBLUR_CHROMA_LEFT;
    }
}

static void describe_format(deblur_format *format, const PictureKind *kind)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(kind->format);
    int colors = desc->nb_components < 3 ? 1 : 3;

    deblur_default_format(format);
    format->width          = kind->width;
    format->height         = kind->height;
    format->model          = desc->flags & AV_PIX_FMT_FLAG_RGB ? DEBLUR_MODEL_RGB :
                             colors == 1 ? DEBLUR_MODEL_GRAY : DEBLUR_MODEL_YUV;
    format->log2_chroma_w  = desc->log2_chroma_w;
    format->log2_chroma_h  = desc->log2_chroma_h;
    format->matrix         = matrix_of(kind->colorspace);
    format->range          = range_of(kind);
    format->chroma_location = chroma_location_of(kind->chroma_location);
    for (int i = 0; i < colors; i++)
        format->component[i] = (deblur_component) {
            .plane  = desc->comp[i].plane,
            .step   = desc->comp[i].step,
            .offset = desc->comp[i].offset,
            .shift  = desc->comp[i].shift,
            .depth  = desc->comp[i].depth,
        };
}

static int is_same_kind(const PictureKind *a, const PictureKind *b)
{
    return a->width == b->width && a->height == b->height && a->format == b->format &&
           a->colorspace == b->colorspace && a->color_range == b->color_range &&
           chroma_location_of(a->chroma_location) == chroma_location_of(b->chroma_location);
}

/** deblur_status as AVERROR; the library has already told the log what happened. */
static int averror_of(int status)
{
    switch (status) {
    case DEBLUR_OK:               return 0;
    case DEBLUR_AGAIN:            return AVERROR(EAGAIN);
    case DEBLUR_EOF:              return AVERROR_EOF;
    case DEBLUR_INVALID_ARGUMENT: return AVERROR(EINVAL);
    case DEBLUR_OUT_OF_MEMORY:    return AVERROR(ENOMEM);
    case DEBLUR_NO_DEVICE:        return AVERROR(ENODEV);
    case DEBLUR_BAD_WEIGHTS:      return AVERROR_INVALIDDATA;
    default:                      return AVERROR_EXTERNAL;
    }
}

static void log_message(void *ctx, enum deblur_log_level level, const char *message)
{
    static const int levels[] = {
        [DEBLUR_LOG_ERROR]   = AV_LOG_ERROR,
        [DEBLUR_LOG_WARNING] = AV_LOG_WARNING,
        [DEBLUR_LOG_INFO]    = AV_LOG_INFO,
        [DEBLUR_LOG_DEBUG]   = AV_LOG_DEBUG,
    };
    av_log(ctx, levels[level], "%s\n", message);
}

static int thread_count(AVFilterContext *ctx)
{
    const DeblurContext *s = ctx->priv;

    if (s->threads)
        return s->threads;
    /* Before 7.0, the option of the same name that every filter has takes the value. */
    if (ctx->nb_threads)
        return ctx->nb_threads;
    /* A filter graph has one more than there are cores, which is one too many for the network. */
    return FFMIN(ff_filter_get_nb_threads(ctx), av_cpu_count());
}

/** Makes the context that restores pictures of this kind, in place of the current one. */
static int open_context(AVFilterContext *ctx, const PictureKind *kind)
{
    DeblurContext *s = ctx->priv;
    deblur_context *deblur;
    deblur_options options;
    deblur_format format;
    int status;

    deblur_default_options(&options);
    options.model      = s->model;
    options.window     = s->window;
    options.width      = s->width;
    options.height     = s->height;
    options.weights    = s->weights;
    options.device     = s->device;
    options.precision  = s->precision;
    options.threads    = thread_count(ctx);
    options.scene      = s->scene;
    options.queue      = s->queue;
    options.log        = log_message;
    options.log_cookie = ctx;
    describe_format(&format, kind);

    status = deblur_open(&deblur, &options, &format);
    if (status != DEBLUR_OK)
        return averror_of(status);

    /* Only now, so that both share the loaded weights. */
    deblur_close(&s->deblur);
    s->deblur = deblur;
    s->kind   = *kind;
    return 0;
}

/** Passes the oldest finished frame on; AVERROR(EAGAIN) or AVERROR_EOF if there is none. */
static int emit_frame(AVFilterContext *ctx)
{
    DeblurContext *s = ctx->priv;
    AVFrame *frame = NULL;
    void *done = NULL;
    int status = deblur_receive(s->deblur, &done);

    if (status != DEBLUR_OK)
        return averror_of(status);
    av_fifo_read(s->frames, &frame, 1);
    av_assert1(frame == done);
    return ff_filter_frame(ctx->outputs[0], frame);
}

/** Finishes what is on its way, then goes on with pictures of another kind. */
static int change_kind(AVFilterContext *ctx, const PictureKind *kind)
{
    DeblurContext *s = ctx->priv;
    int ret = averror_of(deblur_send(s->deblur, NULL));

    while (ret >= 0)
        ret = emit_frame(ctx);
    if (ret != AVERROR_EOF)
        return ret;

    ctx->inputs[0]->w = ctx->outputs[0]->w = kind->width;
    ctx->inputs[0]->h = ctx->outputs[0]->h = kind->height;
    return open_context(ctx, kind);
}

/** Takes ownership of the frame and hands it to the network, as commands and timeline say. */
static int send_frame(AVFilterContext *ctx, AVFrame *frame)
{
    DeblurContext *s = ctx->priv;
    const PictureKind kind = {
        .width           = frame->width,
        .height          = frame->height,
        .format          = frame->format,
        .colorspace      = frame->colorspace,
        .color_range     = frame->color_range,
        .chroma_location = frame->chroma_location,
    };
    deblur_frame picture = {
        .struct_size = sizeof(picture),
        .strength    = ctx->is_disabled ? 0 : s->strength,
        .reset       = s->reset,
    };
    int ret = 0;

    if (!is_same_kind(&kind, &s->kind))
        ret = change_kind(ctx, &kind);
    if (ret >= 0 && picture.strength > 0)
        ret = ff_inlink_make_frame_writable(ctx->inputs[0], &frame);
    if (ret >= 0)
        ret = av_fifo_write(s->frames, &frame, 1);
    if (ret < 0) {
        av_frame_free(&frame);
        return ret;
    }

    s->reset       = 0;
    picture.opaque = frame;
    for (int i = 0; i < DEBLUR_MAX_PLANES; i++) {
        picture.src[i]        = picture.dst[i]        = frame->data[i];
        picture.src_stride[i] = picture.dst_stride[i] = frame->linesize[i];
    }
    return averror_of(deblur_send(s->deblur, &picture));
}

static int activate(AVFilterContext *ctx)
{
    DeblurContext *s = ctx->priv;
    AVFilterLink *inlink  = ctx->inputs[0];
    AVFilterLink *outlink = ctx->outputs[0];
    AVFrame *frame;
    int ret;

    FF_FILTER_FORWARD_STATUS_BACK(outlink, inlink);

    ret = emit_frame(ctx);
    if (ret == AVERROR_EOF) {
        ff_outlink_set_status(outlink, s->status, s->status_pts);
        return 0;
    }
    if (ret >= 0)
        ff_filter_set_ready(ctx, 100);
    if (ret != AVERROR(EAGAIN))
        return ret;

    ret = ff_inlink_consume_frame(inlink, &frame);
    if (ret < 0)
        return ret;
    if (ret > 0) {
        ff_filter_set_ready(ctx, 100);
        return send_frame(ctx, frame);
    }

    if (ff_inlink_acknowledge_status(inlink, &s->status, &s->status_pts)) {
        ff_filter_set_ready(ctx, 100);
        return averror_of(deblur_send(s->deblur, NULL));
    }

    FF_FILTER_FORWARD_WANTED(outlink, inlink);
    return FFERROR_NOT_READY;
}

static int process_command(AVFilterContext *ctx, const char *cmd, const char *args,
                           char *res, int res_len, int flags)
{
    DeblurContext *s = ctx->priv;

    if (!strcmp(cmd, "reset")) {
        s->reset = 1;
        return 0;
    }
    return ff_filter_process_command(ctx, cmd, args, res, res_len, flags);
}

static int config_input(AVFilterLink *inlink)
{
    const PictureKind kind = {
        .width           = inlink->w,
        .height          = inlink->h,
        .format          = inlink->format,
        .colorspace      = LINK_COLORSPACE(inlink),
        .color_range     = LINK_COLOR_RANGE(inlink),
        .chroma_location = AVCHROMA_LOC_UNSPECIFIED,
    };
    return open_context(inlink->dst, &kind);
}

static av_cold int init(AVFilterContext *ctx)
{
    DeblurContext *s = ctx->priv;

    if (strcmp(s->resolution, "source") &&
        av_parse_video_size(&s->width, &s->height, s->resolution) < 0) {
        av_log(ctx, AV_LOG_ERROR, "resolution '%s' is not 'source', WIDTHxHEIGHT, "
               "or the name of a video size such as hd720\n", s->resolution);
        return AVERROR(EINVAL);
    }
    s->frames = av_fifo_alloc2(8, sizeof(AVFrame *), AV_FIFO_FLAG_AUTO_GROW);
    return s->frames ? 0 : AVERROR(ENOMEM);
}

static av_cold void uninit(AVFilterContext *ctx)
{
    DeblurContext *s = ctx->priv;
    AVFrame *frame;

    /* First, as its worker may be writing to the frames. */
    deblur_close(&s->deblur);
    while (s->frames && av_fifo_read(s->frames, &frame, 1) >= 0)
        av_frame_free(&frame);
    av_fifo_freep2(&s->frames);
}

#define OFFSET(x) offsetof(DeblurContext, x)
#define FLAGS (AV_OPT_FLAG_VIDEO_PARAM | AV_OPT_FLAG_FILTERING_PARAM)
#define RUNTIME (FLAGS | AV_OPT_FLAG_RUNTIME_PARAM)

#define PRECISION(name, constant, help) \
    { name, help, 0, AV_OPT_TYPE_CONST, { .i64 = DEBLUR_PRECISION_ ## constant }, \
      .flags = FLAGS, .unit = "precision" }

static const AVOption deblur_filter_options[] = {
    { "model", "network: auto, strcnn_dtb, strcnn_dtb_fast, or another name of libdeblur's model list",
      OFFSET(model), AV_OPT_TYPE_STRING, { .str = "auto" }, .flags = FLAGS },
    { "m", "frames looked at on each side of the current one; -1 takes what the model has",
      OFFSET(window), AV_OPT_TYPE_INT, { .i64 = -1 }, -1, 3, FLAGS },
    { "window", "the same as m",
      OFFSET(window), AV_OPT_TYPE_INT, { .i64 = -1 }, -1, 3, FLAGS },
    { "resolution", "size in pixels at which the network works: source, WIDTHxHEIGHT or its name",
      OFFSET(resolution), AV_OPT_TYPE_STRING, { .str = "source" }, .flags = FLAGS },
    { "weights", "path of a .safetensors file (default: the installed one for model and m)",
      OFFSET(weights), AV_OPT_TYPE_STRING, { .str = NULL }, .flags = FLAGS },
    { "device", "where the network runs: auto, cpu, cuda, or cuda:N with N counting GPUs from 0",
      OFFSET(device), AV_OPT_TYPE_STRING, { .str = "auto" }, .flags = FLAGS },
    { "precision", "number format of the network's inner layers",
      OFFSET(precision), AV_OPT_TYPE_INT, { .i64 = DEBLUR_PRECISION_AUTO },
      DEBLUR_PRECISION_AUTO, DEBLUR_PRECISION_FP16, FLAGS, .unit = "precision" },
        PRECISION("auto", AUTO, "the fastest that the device computes natively"),
        PRECISION("fp32", FP32, "32-bit floating point, the reference"),
        PRECISION("bf16", BF16, "16-bit floating point with 8 bits of mantissa"),
        PRECISION("fp16", FP16, "16-bit floating point with 11 bits of mantissa"),
    { "threads", "CPU threads for the network; 0 takes the filter graph's, one per core at most",
      OFFSET(threads), AV_OPT_TYPE_INT, { .i64 = 0 }, 0, INT_MAX, FLAGS },
    { "strength", "share of the correction that is applied: 0 leaves the picture alone, 1 is all",
      OFFSET(strength), AV_OPT_TYPE_FLOAT, { .dbl = 1 }, 0, 1, RUNTIME },
    { "scene", "mean change, in percent of full scale, from which a frame is a new scene; 0 is off",
      OFFSET(scene), AV_OPT_TYPE_FLOAT, { .dbl = 10 }, 0, 100, FLAGS },
    { "queue", "frames of extra delay that let decoder, network and encoder overlap",
      OFFSET(queue), AV_OPT_TYPE_INT, { .i64 = 2 }, 0, 64, FLAGS },
    { NULL }
};

AVFILTER_DEFINE_CLASS_EXT(deblur_filter, "deblur", deblur_filter_options);

static const AVFilterPad deblur_inputs[] = {
    {
        .name         = "default",
        .type         = AVMEDIA_TYPE_VIDEO,
        .config_props = config_input,
    },
};

static const AVFilterPad deblur_outputs[] = {
    {
        .name = "default",
        .type = AVMEDIA_TYPE_VIDEO,
    },
};

const FFFilter ff_vf_deblur = {
    FILTER_PUBLIC(name)        = "deblur",
    FILTER_PUBLIC(description) = NULL_IF_CONFIG_SMALL("Remove motion blur with a neural network."),
    FILTER_PUBLIC(priv_class)  = &deblur_filter_class,
    FILTER_PUBLIC(flags)       = AVFILTER_FLAG_SUPPORT_TIMELINE_INTERNAL,
    .priv_size       = sizeof(DeblurContext),
    .init            = init,
    .uninit          = uninit,
    .activate        = activate,
    .process_command = process_command,
    FILTER_INPUTS(deblur_inputs),
    FILTER_OUTPUTS(deblur_outputs),
    FILTER_PIXFMTS_ARRAY(pix_fmts),
};
