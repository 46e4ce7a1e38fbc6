/*
 * Frames of FFmpeg as pictures of libdeblur.
 *
 * Copyright (c) 2026 the libdeblur authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef AVFILTER_DEBLUR_PICTURE_H
#define AVFILTER_DEBLUR_PICTURE_H

#include <libdeblur/deblur.h>

#include "libavutil/frame.h"
#include "libavutil/pixdesc.h"
#include "libavutil/pixfmt.h"

/** What all pictures that share libdeblur contexts have in common. */
typedef struct DeblurKind {
    int width, height; ///< of the frames
    enum AVPixelFormat format; ///< of the samples
    enum deblur_memory memory;
    void *cuda_context, *cuda_stream; ///< of frames in GPU memory
    enum deblur_matrix matrix;
    enum deblur_range range;
    enum deblur_chroma_location chroma_location;
    int nb_pictures;   ///< in a frame: 1, or 2 if each field is a picture of its own
} DeblurKind;

/** Whether libdeblur can read and write samples of this format. */
int ff_deblur_supports(const AVPixFmtDescriptor *desc);

/**
 * Fills in the colour of a kind whose format is set. Tags that are missing, or name what libdeblur has no
 * matrix for, are guessed as libswscale does: BT.601 for YUV of any size; limited range for YUV, full for
 * gray and RGB; chroma to the left.
 *
 * @return a description of what was guessed, or NULL; constant
 */
const char *ff_deblur_describe_color(DeblurKind *kind, enum AVColorSpace colorspace,
                                     enum AVColorRange range, enum AVChromaLocation location);

/** Whether every field of such frames has the lines of chroma that its lines of luma need. */
int ff_deblur_has_fields(const AVPixFmtDescriptor *desc, int height);

int ff_deblur_same_kind(const DeblurKind *a, const DeblurKind *b);

/** Whether contexts for pictures of one kind go on with those of the other: all but colour and sample format is the same. */
int ff_deblur_same_place(const DeblurKind *a, const DeblurKind *b);

/** Describes picture number index of frames of this kind. */
void ff_deblur_describe_format(deblur_format *format, const DeblurKind *kind, int index);

/** Lets src and dst of a picture point to picture number index of the frame. */
void ff_deblur_set_planes(deblur_frame *picture, const AVFrame *frame, const DeblurKind *kind,
                          int index);

#endif /* AVFILTER_DEBLUR_PICTURE_H */
