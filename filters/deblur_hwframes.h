/*
 * Frames in the memory of a GPU, for the deblur filter.
 *
 * Copyright (c) 2026 the libdeblur authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef AVFILTER_DEBLUR_HWFRAMES_H
#define AVFILTER_DEBLUR_HWFRAMES_H

#include "libavutil/buffer.h"
#include "libavutil/frame.h"
#include "libavutil/pixfmt.h"

#include "avfilter.h"
#include "deblur_picture.h"

/** Whether this is the format of frames in GPU memory, and this FFmpeg was built with them. */
int ff_deblur_is_hwformat(enum AVPixelFormat format);

/**
 * Fills in format and memory of a kind: of frames in host memory the format is theirs, of those in GPU
 * memory it is that of their samples.
 *
 * @param frames the AVHWFramesContext of frames in GPU memory, else unused
 * @return 0, or AVERROR(EINVAL) for samples that libdeblur does not read there, of which the log is told
 */
int ff_deblur_describe_memory(void *log, DeblurKind *kind, enum AVPixelFormat format,
                              const AVBufferRef *frames);

/** The output's config_props: where frames are in GPU memory, gives the link frames of its own. */
int ff_deblur_config_output(AVFilterLink *outlink);

/**
 * Replaces a frame in GPU memory by a copy among the frames of the output link, on the same GPU; those that are
 * there, and those in host memory, stay as they are. A decoder has few surfaces, and waits for what the look-ahead keeps.
 *
 * @param[in,out] frame unchanged if this fails
 */
int ff_deblur_copy_hwframe(AVFilterLink *outlink, AVFrame **frame);

#endif /* AVFILTER_DEBLUR_HWFRAMES_H */
