/*
 * Frames of FFmpeg as pictures of libdeblur.
 *
 * Copyright (c) 2026 the libdeblur authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "libavutil/macros.h"

#include "deblur_picture.h"

/** Components that have colour: not alpha. */
static int nb_colors(const AVPixFmtDescriptor *desc)
{
    return desc->nb_components < 3 ? 1 : 3;
}

static int is_rgb(const AVPixFmtDescriptor *desc)
{
    return !!(desc->flags & AV_PIX_FMT_FLAG_RGB);
}

int ff_deblur_supports(const AVPixFmtDescriptor *desc)
{
    const int other = AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_PAL |
                      AV_PIX_FMT_FLAG_BAYER;
    const int is_float = !!(desc->flags & AV_PIX_FMT_FLAG_FLOAT);

    /* X'Y'Z' is no matrix away from R'G'B'; in uyyvyy411, luma samples have no constant distance. */
    if (!desc->nb_components || desc->flags & other || !strncmp(desc->name, "xyz", 3) ||
        !strcmp(desc->name, "uyyvyy411"))
        return 0;
    for (int i = 0; i < nb_colors(desc); i++) {
        const AVComponentDescriptor *c = &desc->comp[i];
        const int bits  = c->depth + c->shift;
        const int bytes = bits <= 8 ? 1 : bits <= 16 ? 2 : 4;

        if (is_float ? c->depth != 16 && c->depth != 32 : c->depth < 8 || bits > 16)
            return 0;
        /* The three in one 32-bit word have no words of their own. */
        if (c->step % bytes || c->offset % bytes)
            return 0;
    }
    return 1;
}

static enum deblur_matrix matrix_of(enum AVColorSpace colorspace)
{
    switch (colorspace) {
    case AVCOL_SPC_RGB:        return DEBLUR_MATRIX_IDENTITY;
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

static enum deblur_range range_of(enum AVPixelFormat format, enum AVColorRange range)
{
    switch (format) {
    case AV_PIX_FMT_YUVJ411P:
    case AV_PIX_FMT_YUVJ420P:
    case AV_PIX_FMT_YUVJ422P:
    case AV_PIX_FMT_YUVJ440P:
    case AV_PIX_FMT_YUVJ444P:
        return DEBLUR_RANGE_FULL;
    default:
        break;
    }
    switch (range) {
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

const char *ff_deblur_describe_color(DeblurKind *kind, enum AVColorSpace colorspace,
                                     enum AVColorRange range, enum AVChromaLocation location)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(kind->format);
    const int is_yuv = !is_rgb(desc) && nb_colors(desc) == 3;
    int no_matrix, no_range;

    kind->matrix          = matrix_of(colorspace);
    kind->range           = range_of(kind->format, range);
    kind->chroma_location = chroma_location_of(location);

    no_matrix = kind->matrix == DEBLUR_MATRIX_UNSPECIFIED;
    no_range  = kind->range == DEBLUR_RANGE_UNSPECIFIED;
    if (no_matrix)
        kind->matrix = DEBLUR_MATRIX_BT601;
    if (no_range)
        kind->range = is_yuv ? DEBLUR_RANGE_LIMITED : DEBLUR_RANGE_FULL;
    if (!is_yuv || !(no_matrix || no_range))
        return NULL;
    return !no_range ? "matrix BT.601" : !no_matrix ? "limited range" :
           "matrix BT.601 and limited range";
}

int ff_deblur_has_fields(const AVPixFmtDescriptor *desc, int height)
{
    return !(height % (2 << (is_rgb(desc) ? 0 : desc->log2_chroma_h)));
}

int ff_deblur_same_kind(const DeblurKind *a, const DeblurKind *b)
{
    return ff_deblur_same_place(a, b) && a->format == b->format && a->matrix == b->matrix &&
           a->range == b->range && a->chroma_location == b->chroma_location;
}

int ff_deblur_same_place(const DeblurKind *a, const DeblurKind *b)
{
    return a->width == b->width && a->height == b->height && a->memory == b->memory &&
           a->cuda_context == b->cuda_context && a->cuda_stream == b->cuda_stream &&
           a->nb_pictures == b->nb_pictures;
}

void ff_deblur_describe_format(deblur_format *format, const DeblurKind *kind, int index)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(kind->format);

    deblur_default_format(format);
    format->width           = kind->width;
    format->height          = kind->height / kind->nb_pictures;
    format->model           = is_rgb(desc) ? DEBLUR_MODEL_RGB :
                              nb_colors(desc) == 1 ? DEBLUR_MODEL_GRAY : DEBLUR_MODEL_YUV;
    format->log2_chroma_w   = desc->log2_chroma_w;
    format->log2_chroma_h   = desc->log2_chroma_h;
    format->matrix          = kind->matrix;
    format->range           = kind->range;
    format->chroma_location = kind->chroma_location;
    format->sample_type     = desc->flags & AV_PIX_FMT_FLAG_FLOAT ? DEBLUR_SAMPLE_FLOAT :
                                                                    DEBLUR_SAMPLE_INTEGER;
    format->big_endian      = !!(desc->flags & AV_PIX_FMT_FLAG_BE);
    format->field           = kind->nb_pictures == 1 ? DEBLUR_FIELD_NONE :
                              index ? DEBLUR_FIELD_BOTTOM : DEBLUR_FIELD_TOP;
    format->memory          = kind->memory;
    format->cuda_context    = kind->cuda_context;
    format->cuda_stream     = kind->cuda_stream;
    for (int i = 0; i < nb_colors(desc); i++)
        format->component[i] = (deblur_component) {
            .plane  = desc->comp[i].plane,
            .step   = desc->comp[i].step,
            .offset = desc->comp[i].offset,
            .shift  = desc->comp[i].shift,
            .depth  = desc->comp[i].depth,
        };
}

void ff_deblur_set_planes(deblur_frame *picture, const AVFrame *frame, const DeblurKind *kind,
                          int index)
{
    for (int i = 0; i < FFMIN(DEBLUR_MAX_PLANES, AV_NUM_DATA_POINTERS); i++) {
        const ptrdiff_t stride = frame->linesize[i];

        if (!frame->data[i])
            continue;
        picture->src[i]        = picture->dst[i]        = frame->data[i] + index * stride;
        picture->src_stride[i] = picture->dst_stride[i] = kind->nb_pictures * stride;
    }
}
