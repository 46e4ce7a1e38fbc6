/*
 * What differs between the FFmpeg releases that vf_deblur.c builds in, named by feature.
 *
 * Copyright (c) 2026 the libdeblur authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef AVFILTER_VF_DEBLUR_COMPAT_H
#define AVFILTER_VF_DEBLUR_COMPAT_H

#include "libavfilter/version.h"
#include "libavutil/frame.h"
#include "avfilter.h"

/* A filter's definition: AVFilter, or (8.0) FFFilter, which has the public part as member p. */
#if LIBAVFILTER_VERSION_MAJOR >= 11
#define FILTER_PUBLIC(field) .p.field
#else
#define FILTER_PUBLIC(field) .field
typedef AVFilter FFFilter;
#endif

/* Links carry the negotiated colour tags (7.0); before, only frames do. */
#if LIBAVFILTER_VERSION_INT >= AV_VERSION_INT(9, 16, 100)
#define LINK_COLORSPACE(link) ((link)->colorspace)
#define LINK_COLOR_RANGE(link) ((link)->color_range)
#else
#define LINK_COLORSPACE(link) AVCOL_SPC_UNSPECIFIED
#define LINK_COLOR_RANGE(link) AVCOL_RANGE_UNSPECIFIED
#endif

/* The hardware frames of a link are in the part of it that only filters see (7.1); before, in the public one. */
#if LIBAVFILTER_VERSION_INT >= AV_VERSION_INT(10, 4, 100)
#define LINK_HW_FRAMES(link) (ff_filter_link(link)->hw_frames_ctx)
#else
#define LINK_HW_FRAMES(link) ((link)->hw_frames_ctx)
#endif

/* Frames have their interlacing as a flag (6.1); before, as a field. */
#ifdef AV_FRAME_FLAG_INTERLACED
#define FRAME_IS_INTERLACED(frame) (!!((frame)->flags & AV_FRAME_FLAG_INTERLACED))
#else
#define FRAME_IS_INTERLACED(frame) ((frame)->interlaced_frame)
#endif

#endif /* AVFILTER_VF_DEBLUR_COMPAT_H */
