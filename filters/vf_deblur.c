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
#include <stdio.h>
#include <string.h>

#include <libdeblur/deblur.h>

#include "libavutil/cpu.h"
#include "libavutil/dict.h"
#include "libavutil/fifo.h"
#include "libavutil/frame.h"
#include "libavutil/log.h"
#include "libavutil/mem.h"
#include "libavutil/opt.h"
#include "libavutil/parseutils.h"
#include "libavutil/pixdesc.h"

#include "avfilter.h"
#include "deblur_hwframes.h"
#include "deblur_picture.h"
#include "filters.h"
#include "formats.h"
#include "vf_deblur_compat.h"

enum FieldMode {
    FIELD_AUTO,   ///< as each frame's interlaced flag says
    FIELD_FRAME,
    FIELD_FIELDS
};

enum OnError {
    ON_ERROR_FAIL,
    ON_ERROR_PASS ///< frames go on as they are
};

/** The contexts that restore frames as a whole, or those for the two fields of frames. */
typedef struct DeblurContexts {
    deblur_context *picture[2]; ///< of a frame the first alone; of fields both, top and bottom
    DeblurKind kind;            ///< of the frames that they restore
} DeblurContexts;

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
    int field;              ///< enum FieldMode
    int stats;
    int mask;
    float focus;
    int passes;
    int refine;
    char *refiner;
    int memory;
    int on_error;           ///< enum OnError

    int width, height;      ///< resolution, parsed; 0x0 is the size of the source
    deblur_model *loaded;   ///< shared by all contexts
    DeblurContexts contexts[2]; ///< for frames, and for fields, once there were any
    DeblurContexts *active; ///< those that restore the current frames
    int done[2];            ///< whether each has finished its picture of the oldest frame
    deblur_result results[2]; ///< of those pictures
    AVFifo *frames;         ///< AVFrame *: sent to deblur and not yet received, oldest first
    int told_guess;         ///< the log knows of missing colour tags
    int told_lines;         ///< and of a height that has no two equal fields
    int failed;             ///< libdeblur has returned an error
    int passing;            ///< and on_error says to go on without it
    int reset;              ///< the next frame starts a new sequence
    int status;             ///< of the input, once it has ended; then frames are only drained
    int64_t status_pts;
} DeblurContext;

/** deblur_status as AVERROR; the library has already told the log what happened. */
static int averror_of(DeblurContext *s, int status)
{
    s->failed |= status < 0;
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

static void close_contexts(DeblurContexts *contexts)
{
    for (int i = 0; i < 2; i++)
        deblur_close(&contexts->picture[i]);
}

static void close_all(DeblurContext *s)
{
    for (int i = 0; i < 2; i++)
        close_contexts(&s->contexts[i]);
    deblur_model_close(&s->loaded);
}

static void set_options(AVFilterContext *ctx, const DeblurKind *kind, deblur_options *options)
{
    const DeblurContext *s = ctx->priv;

    deblur_default_options(options);
    options->model      = s->model;
    options->window     = s->window;
    options->width      = s->width;
    options->height     = s->height;
    options->weights    = s->weights;
    options->device     = s->device;
    options->precision  = s->precision;
    options->threads    = FFMAX(thread_count(ctx) / kind->nb_pictures, 1);
    options->scene      = s->scene;
    options->queue      = s->queue;
    options->stats      = s->stats;
    options->mask       = s->mask;
    options->focus      = s->focus;
    options->passes     = s->passes;
    options->refine     = s->refine;
    options->refiner    = s->refiner;
    options->memory     = s->memory;
    options->log        = log_message;
    options->log_cookie = ctx;
    if (s->height && kind->nb_pictures > 1)
        options->height = FFMAX(s->height / kind->nb_pictures, 1);
}

/** Lets contexts that have come to their end go on with frames of this kind, if they can. */
static int restart_contexts(DeblurContexts *contexts, const DeblurKind *kind)
{
    int status = DEBLUR_OK;

    for (int i = 0; i < kind->nb_pictures && status == DEBLUR_OK; i++) {
        deblur_format format;
        ff_deblur_describe_format(&format, kind, i);
        status = deblur_restart(contexts->picture[i], &format);
    }
    return status;
}

static int open_contexts(AVFilterContext *ctx, DeblurContexts *contexts, const DeblurKind *kind)
{
    DeblurContext *s = ctx->priv;
    deblur_options options;
    int status = DEBLUR_OK;

    close_contexts(contexts);
    set_options(ctx, kind, &options);
    for (int i = 0; i < kind->nb_pictures && status == DEBLUR_OK; i++) {
        deblur_format format;
        ff_deblur_describe_format(&format, kind, i);
        if (!s->loaded)
            status = deblur_model_open(&s->loaded, &options, &format);
        if (status == DEBLUR_OK)
            status = deblur_open_with_model(&contexts->picture[i], s->loaded, &options, &format);
    }
    if (status != DEBLUR_OK)
        close_contexts(contexts);
    return status;
}

/** Makes the contexts active that restore frames of this kind: those that have done so before, or new ones. */
static int activate_contexts(AVFilterContext *ctx, const DeblurKind *kind)
{
    DeblurContext *s = ctx->priv;
    DeblurContexts *contexts = &s->contexts[kind->nb_pictures - 1];
    const int goes_on = contexts->picture[0] && ff_deblur_same_place(&contexts->kind, kind);
    const int status = goes_on ? restart_contexts(contexts, kind) : open_contexts(ctx, contexts, kind);

    if (status != DEBLUR_OK)
        return averror_of(s, status);
    contexts->kind = *kind;
    s->active = contexts;
    return 0;
}

/** Whether the fields of a frame, with samples of this format, are pictures of their own. */
static int has_fields(AVFilterContext *ctx, const AVFrame *frame, enum AVPixelFormat format)
{
    DeblurContext *s = ctx->priv;
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(format);

    if (s->field == FIELD_FRAME || (s->field == FIELD_AUTO && !FRAME_IS_INTERLACED(frame)))
        return 0;
    if (ff_deblur_has_fields(desc, frame->height))
        return 1;
    if (!s->told_lines)
        av_log(ctx, AV_LOG_WARNING, "%d lines of %s make no two equal fields: "
               "interlaced frames are taken as progressive\n", frame->height, desc->name);
    s->told_lines = 1;
    return 0;
}

static int describe_frame(AVFilterContext *ctx, const AVFrame *frame, DeblurKind *kind)
{
    DeblurContext *s = ctx->priv;
    const char *guess;
    int ret;

    *kind = (DeblurKind) { .width = frame->width, .height = frame->height };
    ret = ff_deblur_describe_memory(ctx, kind, frame->format, frame->hw_frames_ctx);
    if (ret < 0)
        return ret;
    kind->nb_pictures = has_fields(ctx, frame, kind->format) ? 2 : 1;
    guess = ff_deblur_describe_color(kind, frame->colorspace, frame->color_range,
                                     frame->chroma_location);
    if (guess && !s->told_guess) {
        av_log(ctx, AV_LOG_INFO, "colour tags are missing or have no matrix: %s assumed\n", guess);
        s->told_guess = 1;
    }
    return 0;
}

static void set_metadata(AVFrame *frame, const char *key, const char *format, double value)
{
    char text[32];

    snprintf(text, sizeof(text), format, value);
    av_dict_set(&frame->metadata, key, text, 0);
}

/** Tells what became of a frame: of its one picture, or of both fields together. */
static void add_stats(const DeblurContext *s, AVFrame *frame)
{
    const int nb = s->active->kind.nb_pictures;
    const deblur_result *first = &s->results[0], *last = &s->results[nb - 1];

    set_metadata(frame, "lavfi.deblur.reset", "%.0f",
                 first->starts_sequence || last->starts_sequence);
    set_metadata(frame, "lavfi.deblur.sharpness.before", "%.3f",
                 (first->sharpness_before + last->sharpness_before) / 2);
    set_metadata(frame, "lavfi.deblur.sharpness.after", "%.3f",
                 (first->sharpness_after + last->sharpness_after) / 2);
    set_metadata(frame, "lavfi.deblur.ms", "%.3f",
                 FFMAX(first->milliseconds, last->milliseconds));
}

/** Passes the oldest finished frame on; AVERROR(EAGAIN) or AVERROR_EOF if there is none. */
static int emit_frame(AVFilterContext *ctx)
{
    DeblurContext *s = ctx->priv;
    AVFrame *frame = NULL;

    for (int i = 0; i < s->active->kind.nb_pictures; i++) {
        int status = DEBLUR_OK;

        s->results[i].struct_size = sizeof(s->results[i]);
        if (!s->done[i])
            status = deblur_receive_result(s->active->picture[i], &s->results[i]);
        if (status != DEBLUR_OK)
            return averror_of(s, status);
        s->done[i] = 1;
    }
    memset(s->done, 0, sizeof(s->done));
    av_fifo_read(s->frames, &frame, 1);
    if (s->stats)
        add_stats(s, frame);
    return ff_filter_frame(ctx->outputs[0], frame);
}

/** Tells the contexts that the stream ends. */
static int send_end(DeblurContext *s)
{
    int ret = 0;

    for (int i = 0; i < s->active->kind.nb_pictures && ret >= 0; i++)
        ret = averror_of(s, deblur_send(s->active->picture[i], NULL));
    return ret;
}

/** Finishes what is on its way, then goes on with frames of another kind. */
static int change_kind(AVFilterContext *ctx, const DeblurKind *kind)
{
    DeblurContext *s = ctx->priv;
    int ret = send_end(s);

    while (ret >= 0)
        ret = emit_frame(ctx);
    if (ret != AVERROR_EOF)
        return ret;

    ctx->inputs[0]->w = ctx->outputs[0]->w = kind->width;
    ctx->inputs[0]->h = ctx->outputs[0]->h = kind->height;
    return activate_contexts(ctx, kind);
}

/** A frame of another format than the link's has no place in the link's pool; those in GPU memory are copies. */
static int make_writable(AVFilterLink *inlink, AVFrame **frame)
{
    if (ff_deblur_is_hwformat((*frame)->format))
        return 0;
    return (*frame)->format == inlink->format ? ff_inlink_make_frame_writable(inlink, frame) :
                                                av_frame_make_writable(*frame);
}

/** Takes ownership of the frame and hands it to the network, as commands and timeline say. */
static int send_frame(AVFilterContext *ctx, AVFrame *frame)
{
    DeblurContext *s = ctx->priv;
    DeblurKind kind = { 0 };
    deblur_frame picture;
    int queued_frame = 0;
    int ret = ff_deblur_copy_hwframe(ctx->outputs[0], &frame);

    deblur_default_frame(&picture);
    picture.strength = ctx->is_disabled ? 0 : s->strength;
    picture.reset    = s->reset;
    if (ret >= 0)
        ret = describe_frame(ctx, frame, &kind);
    if (ret >= 0 && !ff_deblur_same_kind(&kind, &s->active->kind))
        ret = change_kind(ctx, &kind);
    if (ret >= 0 && picture.strength > 0)
        ret = make_writable(ctx->inputs[0], &frame);
    /* If libdeblur has failed, the frame is not lost: it may be passed as it is. */
    if (ret >= 0 || s->failed) {
        int queued = av_fifo_write(s->frames, &frame, 1);
        if (queued < 0)
            ret = queued;
        else
            queued_frame = 1;
    }
    if (!queued_frame)
        av_frame_free(&frame);
    if (ret < 0)
        return ret;

    s->reset = 0;
    for (int i = 0; i < kind.nb_pictures && ret >= 0; i++) {
        ff_deblur_set_planes(&picture, frame, &kind, i);
        ret = averror_of(s, deblur_send(s->active->picture[i], &picture));
    }
    return ret;
}

/**
 * After an error, goes on without libdeblur if it was libdeblur's and on_error says so.
 *
 * @return 0, or the error if it stands
 */
static int survive(AVFilterContext *ctx, int ret)
{
    DeblurContext *s = ctx->priv;

    if (!s->failed || s->on_error != ON_ERROR_PASS)
        return ret;
    av_log(ctx, AV_LOG_WARNING, "frames pass unfiltered from here on\n");
    close_all(s);
    s->passing = 1;
    ff_filter_set_ready(ctx, 100);
    return 0;
}

/** activate() without libdeblur: first the frames that were on their way, then what comes. */
static int pass_frames(AVFilterContext *ctx)
{
    DeblurContext *s = ctx->priv;
    AVFilterLink *inlink  = ctx->inputs[0];
    AVFilterLink *outlink = ctx->outputs[0];
    AVFrame *frame = NULL;
    int ret = av_fifo_read(s->frames, &frame, 1) >= 0;

    if (!ret)
        ret = ff_inlink_consume_frame(inlink, &frame);
    if (ret < 0)
        return ret;
    if (ret > 0) {
        ff_filter_set_ready(ctx, 100);
        ret = ff_deblur_copy_hwframe(outlink, &frame);
        if (ret >= 0)
            return ff_filter_frame(outlink, frame);
        av_frame_free(&frame);
        return ret;
    }

    if (s->status || ff_inlink_acknowledge_status(inlink, &s->status, &s->status_pts)) {
        ff_outlink_set_status(outlink, s->status, s->status_pts);
        return 0;
    }
    FF_FILTER_FORWARD_WANTED(outlink, inlink);
    return FFERROR_NOT_READY;
}

static int restore_frames(AVFilterContext *ctx)
{
    DeblurContext *s = ctx->priv;
    AVFilterLink *inlink  = ctx->inputs[0];
    AVFilterLink *outlink = ctx->outputs[0];
    AVFrame *frame;
    int ret = emit_frame(ctx);

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
        return send_end(s);
    }

    FF_FILTER_FORWARD_WANTED(outlink, inlink);
    return FFERROR_NOT_READY;
}

static int activate(AVFilterContext *ctx)
{
    DeblurContext *s = ctx->priv;
    int ret;

    FF_FILTER_FORWARD_STATUS_BACK(ctx->outputs[0], ctx->inputs[0]);

    if (s->passing)
        return pass_frames(ctx);
    ret = restore_frames(ctx);
    return ret < 0 && ret != FFERROR_NOT_READY ? survive(ctx, ret) : ret;
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
    AVFilterContext *ctx = inlink->dst;
    DeblurContext *s = ctx->priv;
    DeblurKind kind = {
        .width       = inlink->w,
        .height      = inlink->h,
        .nb_pictures = 1,
    };
    int ret = ff_deblur_describe_memory(ctx, &kind, inlink->format, LINK_HW_FRAMES(inlink));

    if (ret < 0)
        return ret;
    if (s->field == FIELD_FIELDS &&
        ff_deblur_has_fields(av_pix_fmt_desc_get(kind.format), inlink->h))
        kind.nb_pictures = 2;
    ff_deblur_describe_color(&kind, LINK_COLORSPACE(inlink), LINK_COLOR_RANGE(inlink),
                             AVCHROMA_LOC_UNSPECIFIED);
    ret = activate_contexts(ctx, &kind);
    /* What makes no sense is the caller's mistake, which no live stream should hide. */
    return ret < 0 && ret != AVERROR(EINVAL) ? survive(ctx, ret) : ret;
}

static int query_formats(AVFilterContext *ctx)
{
    AVFilterFormats *formats = NULL;
    const AVPixFmtDescriptor *desc = NULL;

    while ((desc = av_pix_fmt_desc_next(desc))) {
        const enum AVPixelFormat format = av_pix_fmt_desc_get_id(desc);

        if (ff_deblur_supports(desc) || ff_deblur_is_hwformat(format)) {
            int ret = ff_add_format(&formats, format);
            if (ret < 0)
                return ret;
        }
    }
    return ff_set_common_formats(ctx, formats);
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
    close_all(s);
    while (s->frames && av_fifo_read(s->frames, &frame, 1) >= 0)
        av_frame_free(&frame);
    av_fifo_freep2(&s->frames);
}

#define OFFSET(x) offsetof(DeblurContext, x)
#define FLAGS (AV_OPT_FLAG_VIDEO_PARAM | AV_OPT_FLAG_FILTERING_PARAM)
#define RUNTIME (FLAGS | AV_OPT_FLAG_RUNTIME_PARAM)

#define FIELD(name, constant, help) \
    { name, help, 0, AV_OPT_TYPE_CONST, { .i64 = FIELD_ ## constant }, .flags = FLAGS, .unit = "field" }
#define PRECISION(name, constant, help) \
    { name, help, 0, AV_OPT_TYPE_CONST, { .i64 = DEBLUR_PRECISION_ ## constant }, \
      .flags = FLAGS, .unit = "precision" }

static const AVOption deblur_filter_options[] = {
    { "model", "network: auto, strcnn_dtb, strcnn_dtb_fast, strcnn, cnn, bladenet, strcnn_dtb_local, "
               "human, brmr",
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
      DEBLUR_PRECISION_AUTO, DEBLUR_PRECISION_INT8, FLAGS, .unit = "precision" },
        PRECISION("auto", AUTO, "the fastest that the device computes natively"),
        PRECISION("fp32", FP32, "32-bit floating point, the reference"),
        PRECISION("bf16", BF16, "16-bit floating point with 8 bits of mantissa"),
        PRECISION("fp16", FP16, "16-bit floating point with 11 bits of mantissa"),
        PRECISION("int8", INT8, "8-bit integer products, on CPUs with VNNI"),
    { "threads", "CPU threads for the network; 0 takes the filter graph's, one per core at most",
      OFFSET(threads), AV_OPT_TYPE_INT, { .i64 = 0 }, 0, INT_MAX, FLAGS },
    { "strength", "share of the correction that is applied: 0 leaves the picture alone, 1 is all",
      OFFSET(strength), AV_OPT_TYPE_FLOAT, { .dbl = 1 }, 0, 1, RUNTIME },
    { "scene", "mean change, in percent of full scale, from which a frame is a new scene; 0 is off",
      OFFSET(scene), AV_OPT_TYPE_FLOAT, { .dbl = 10 }, 0, 100, FLAGS },
    { "queue", "frames of extra delay that let decoder, network and encoder overlap",
      OFFSET(queue), AV_OPT_TYPE_INT, { .i64 = 2 }, 0, 64, FLAGS },
    { "field", "what is deblurred as one picture",
      OFFSET(field), AV_OPT_TYPE_INT, { .i64 = FIELD_AUTO }, FIELD_AUTO, FIELD_FIELDS, FLAGS,
      .unit = "field" },
        FIELD("auto", AUTO, "frames, but fields where a frame is marked as interlaced"),
        FIELD("frame", FRAME, "frames"),
        FIELD("fields", FIELDS, "fields, each parity as a stream of its own"),
    { "stats", "tell of each frame, as metadata, whether the state was fresh, its sharpness and time",
      OFFSET(stats), AV_OPT_TYPE_BOOL, { .i64 = 0 }, 0, 1, FLAGS },
    { "mask", "show the network's map, where it sees blur or people in white, instead of restoring",
      OFFSET(mask), AV_OPT_TYPE_BOOL, { .i64 = 0 }, 0, 1, FLAGS },
    { "focus", "weight of the correction by the network's map: 0, everywhere alike, to 1, only where the map is white",
      OFFSET(focus), AV_OPT_TYPE_FLOAT, { .dbl = 0 }, 0, 1, FLAGS },
    { "passes", "regions of a frame that brmr refines at most",
      OFFSET(passes), AV_OPT_TYPE_INT, { .i64 = 3 }, 0, 64, FLAGS },
    { "refine", "regions of a frame, still blurred in what the model made of it, that brmr refines at most",
      OFFSET(refine), AV_OPT_TYPE_INT, { .i64 = 0 }, 0, 64, FLAGS },
    { "refiner", "weights file of that brmr, instead of the installed ones",
      OFFSET(refiner), AV_OPT_TYPE_STRING, { .str = NULL }, 0, 0, FLAGS },
    { "memory", "MiB of a GPU's memory for the network's maps: larger frames are computed in tiles; 0 takes what is free",
      OFFSET(memory), AV_OPT_TYPE_INT, { .i64 = 0 }, 0, 1048576, FLAGS },
    { "on_error", "what to do when libdeblur fails",
      OFFSET(on_error), AV_OPT_TYPE_INT, { .i64 = ON_ERROR_FAIL }, ON_ERROR_FAIL, ON_ERROR_PASS,
      FLAGS, .unit = "on_error" },
        { "fail", "end with an error", 0, AV_OPT_TYPE_CONST, { .i64 = ON_ERROR_FAIL },
          .flags = FLAGS, .unit = "on_error" },
        { "pass", "let frames through as they are", 0, AV_OPT_TYPE_CONST,
          { .i64 = ON_ERROR_PASS }, .flags = FLAGS, .unit = "on_error" },
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
        .name         = "default",
        .type         = AVMEDIA_TYPE_VIDEO,
        .config_props = ff_deblur_config_output,
    },
};

const FFFilter ff_vf_deblur = {
    FILTER_PUBLIC(name)        = "deblur",
    FILTER_PUBLIC(description) = NULL_IF_CONFIG_SMALL("Remove motion blur with a neural network."),
    FILTER_PUBLIC(priv_class)  = &deblur_filter_class,
    FILTER_PUBLIC(flags)       = AVFILTER_FLAG_SUPPORT_TIMELINE_INTERNAL,
    .flags_internal  = FF_FILTER_FLAG_HWFRAME_AWARE,
    .priv_size       = sizeof(DeblurContext),
    .init            = init,
    .uninit          = uninit,
    .activate        = activate,
    .process_command = process_command,
    FILTER_INPUTS(deblur_inputs),
    FILTER_OUTPUTS(deblur_outputs),
    FILTER_QUERY_FUNC(query_formats),
};
