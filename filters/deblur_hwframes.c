/*
 * Frames in the memory of a GPU, for the deblur filter.
 *
 * Copyright (c) 2026 the libdeblur authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#if CONFIG_CUDA
/* The driver's types, without NVIDIA's toolkit. */
#include <ffnvcodec/dynlink_cuda.h>
#include "libavutil/hwcontext_cuda.h"
#endif
#include "libavutil/error.h"
#include "libavutil/hwcontext.h"
#include "libavutil/log.h"
#include "libavutil/pixdesc.h"

#include "deblur_hwframes.h"
#include "filters.h"
#include "vf_deblur_compat.h"

int ff_deblur_is_hwformat(enum AVPixelFormat format)
{
    return CONFIG_CUDA && format == AV_PIX_FMT_CUDA;
}

static void describe_device(DeblurKind *kind, const AVHWFramesContext *frames)
{
#if CONFIG_CUDA
    const AVCUDADeviceContext *device = frames->device_ctx->hwctx;

    kind->memory       = DEBLUR_MEMORY_CUDA;
    kind->cuda_context = device->cuda_ctx;
    kind->cuda_stream  = device->stream;
#endif
}

int ff_deblur_describe_memory(void *log, DeblurKind *kind, enum AVPixelFormat format,
                              const AVBufferRef *frames)
{
    const AVHWFramesContext *hwframes;
    const AVPixFmtDescriptor *desc;

    kind->format = format;
    kind->memory = DEBLUR_MEMORY_HOST;
    if (!ff_deblur_is_hwformat(format))
        return 0;
    if (!frames) {
        av_log(log, AV_LOG_ERROR, "frames in GPU memory come without their hw_frames_ctx\n");
        return AVERROR(EINVAL);
    }
    hwframes     = (const AVHWFramesContext *)frames->data;
    kind->format = hwframes->sw_format;
    desc         = av_pix_fmt_desc_get(kind->format);
    if (!desc || !ff_deblur_supports(desc) || desc->flags & AV_PIX_FMT_FLAG_FLOAT) {
        av_log(log, AV_LOG_ERROR, "samples of frames in GPU memory are %s, valid are integers of 8 to 16 bits "
               "in words of their own, such as nv12 and p010le\n", desc ? desc->name : "unknown");
        return AVERROR(EINVAL);
    }
    describe_device(kind, hwframes);
    return 0;
}

/** Gives the link frames with samples and on the device of others, as many as will be needed. */
static int make_frames(AVFilterLink *outlink, const AVBufferRef *others, int width, int height)
{
    const AVHWFramesContext *like = (const AVHWFramesContext *)others->data;
    AVBufferRef *made = av_hwframe_ctx_alloc(like->device_ref);
    AVHWFramesContext *frames;
    int ret;

    if (!made)
        return AVERROR(ENOMEM);
    frames            = (AVHWFramesContext *)made->data;
    frames->format    = like->format;
    frames->sw_format = like->sw_format;
    frames->width     = width;
    frames->height    = height;
    ret = av_hwframe_ctx_init(made);
    if (ret < 0) {
        av_buffer_unref(&made);
        return ret;
    }
    av_buffer_unref(&LINK_HW_FRAMES(outlink));
    LINK_HW_FRAMES(outlink) = made;
    return 0;
}

int ff_deblur_config_output(AVFilterLink *outlink)
{
    AVFilterLink *inlink = outlink->src->inputs[0];

    if (!ff_deblur_is_hwformat(outlink->format))
        return 0;
    return make_frames(outlink, LINK_HW_FRAMES(inlink), inlink->w, inlink->h);
}

/** Whether a frame's copy can be one of these. */
static int have_place_for(const AVBufferRef *frames, const AVFrame *frame)
{
    const AVHWFramesContext *ours = (const AVHWFramesContext *)frames->data;
    const AVHWFramesContext *its  = (const AVHWFramesContext *)frame->hw_frames_ctx->data;

    return ours->device_ctx == its->device_ctx && ours->sw_format == its->sw_format &&
           ours->width == frame->width && ours->height == frame->height;
}

int ff_deblur_copy_hwframe(AVFilterLink *outlink, AVFrame **frame)
{
    AVFrame *copy;
    int ret = 0;

    if (!ff_deblur_is_hwformat((*frame)->format) || !(*frame)->hw_frames_ctx ||
        (*frame)->hw_frames_ctx->data == LINK_HW_FRAMES(outlink)->data)
        return 0;
    if (!have_place_for(LINK_HW_FRAMES(outlink), *frame))
        ret = make_frames(outlink, (*frame)->hw_frames_ctx, (*frame)->width, (*frame)->height);
    if (ret < 0)
        return ret;
    copy = av_frame_alloc();
    if (!copy)
        return AVERROR(ENOMEM);
    ret = av_hwframe_get_buffer(LINK_HW_FRAMES(outlink), copy, 0);
    if (ret >= 0)
        ret = av_hwframe_transfer_data(copy, *frame, 0);
    if (ret >= 0)
        ret = av_frame_copy_props(copy, *frame);
    if (ret < 0) {
        av_frame_free(&copy);
        return ret;
    }
    av_frame_free(frame);
    *frame = copy;
    return 0;
}
