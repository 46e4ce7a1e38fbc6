/*
 * The filter in every pixel format x matrix x range: a known correction against the arithmetic in
 * double precision, and no correction, which must change no bit.
 *
 * Usage: formats KNOWN ZERO RED GREEN BLUE
 * KNOWN are weights whose correction is RED, GREEN, BLUE for every pixel, ZERO those without one.
 * Prints one line for each format, with the largest error in code values by matrix and range.
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libavutil/imgutils.h>
#include <libavutil/mem.h>
#include <libavutil/pixdesc.h>

#include "graph.h"

#define WIDTH 6
#define HEIGHT 5

/* What the filter must take, as far as this FFmpeg has it. */
static const char *const required[] = {
    "yuv420p", "yuv422p", "yuv440p", "yuv444p", "yuv411p", "yuv410p", "yuvj420p", "yuvj422p",
    "yuvj440p", "yuvj444p", "yuvj411p", "yuv420p9le", "yuv420p9be", "yuv420p10le", "yuv420p10be",
    "yuv420p12le", "yuv420p12be", "yuv420p14le", "yuv420p14be", "yuv420p16le", "yuv420p16be",
    "yuv422p9be", "yuv422p10le", "yuv422p10be", "yuv422p12be", "yuv422p14be", "yuv422p16be",
    "yuv440p10le", "yuv440p10be", "yuv440p12le", "yuv440p12be", "yuv444p9be", "yuv444p10le",
    "yuv444p10be", "yuv444p12be", "yuv444p14be", "yuv444p16be", "nv12", "nv21", "nv16", "nv24",
    "nv42", "nv20le", "nv20be", "p010le", "p010be", "p012le", "p012be", "p016le", "p016be",
    "p210le", "p210be", "p212le", "p212be", "p216le", "p216be", "p410le", "p410be", "p412le",
    "p412be", "p416le", "p416be", "gray", "gray9le", "gray9be", "gray10be", "gray12be", "gray14be",
    "gray16le", "gray16be", "grayf32le", "grayf32be", "ya8", "ya16le", "ya16be", "gbrp", "gbrp9be",
    "gbrp10le", "gbrp10be", "gbrp12be", "gbrp14be", "gbrp16le", "gbrp16be", "gbrpf32le",
    "gbrpf32be", "gbrap", "gbrap10be", "gbrap12be", "gbrap16be", "gbrapf32le", "gbrapf32be",
    "rgb24", "bgr24", "rgba", "bgra", "argb", "abgr", "rgb0", "bgr0", "0rgb", "0bgr", "rgb48le",
    "rgb48be", "bgr48le", "bgr48be", "rgba64le", "rgba64be", "bgra64le", "bgra64be", "rgbaf16le",
    "rgbaf16be", "yuva420p", "yuva422p", "yuva444p", "yuva420p10be", "yuva422p12be",
    "yuva444p16be", "yuyv422", "uyvy422", "y210le", "ayuv64le", "vuya",
};

static const struct {
    const char *name;
    enum AVColorSpace space;
    double red, blue; /* luma coefficients */
} matrices[] = {
    {"601", AVCOL_SPC_SMPTE170M, 0.299, 0.114},   {"709", AVCOL_SPC_BT709, 0.2126, 0.0722},
    {"2020", AVCOL_SPC_BT2020_NCL, 0.2627, 0.0593}, {"fcc", AVCOL_SPC_FCC, 0.30, 0.11},
    {"240m", AVCOL_SPC_SMPTE240M, 0.212, 0.087},  {"ycgco", AVCOL_SPC_YCGCO, 0, 0},
    {"rgb", AVCOL_SPC_RGB, 0, 0},                 {"none", AVCOL_SPC_UNSPECIFIED, 0.299, 0.114},
};
#define MATRICES (int)(sizeof(matrices) / sizeof(matrices[0]))

static const char *known_weights, *zero_weights;
static double offset[3];

static int is_gray(const AVPixFmtDescriptor *desc) { return desc->nb_components < 3; }
static int is_rgb(const AVPixFmtDescriptor *desc) { return !!(desc->flags & AV_PIX_FMT_FLAG_RGB); }
static int is_float(const AVPixFmtDescriptor *desc) {
    return !!(desc->flags & AV_PIX_FMT_FLAG_FLOAT);
}

/* Change of a component in codes, by the equations of ITU-T H.273. */
static double expected_change(const AVPixFmtDescriptor *desc, int component, int m, int full) {
    const double r = offset[0], g = offset[1], b = offset[2];
    const double kr = matrices[m].red, kb = matrices[m].blue, y = kr * r + (1 - kr - kb) * g + kb * b;
    const int depth = desc->comp[component].depth;
    const int difference =
        component > 0 && !is_rgb(desc) && matrices[m].space != AVCOL_SPC_RGB;
    const double scale = is_float(desc) ? 1
                         : full         ? (1 << depth) - 1
                                        : (difference ? 224 : 219) * (double)(1 << (depth - 8));

    if (is_rgb(desc))
        return offset[component] * scale;
    if (matrices[m].space == AVCOL_SPC_RGB && !is_gray(desc))
        return offset[(component + 1) % 3] * scale; /* G, B, R */
    if (matrices[m].space == AVCOL_SPC_RGB)
        return (0.299 * r + 0.587 * g + 0.114 * b) * scale;
    if (matrices[m].space == AVCOL_SPC_YCGCO)
        return scale * (component == 0   ? r / 4 + g / 2 + b / 4
                        : component == 1 ? -r / 4 + g / 2 - b / 4
                                         : r / 2 - b / 2);
    return scale * (component == 0 ? y : component == 1 ? (b - y) / (1 - kb) / 2 : (r - y) / (1 - kr) / 2);
}

static double half(uint32_t bits) {
    const int exponent = bits >> 10 & 31;
    const double mantissa = bits & 1023;
    const double value = exponent ? ldexp(1024 + mantissa, exponent - 25) : ldexp(mantissa, -24);
    return bits & 0x8000 ? -value : value;
}

static int width_of(const AVFrame *frame, const AVPixFmtDescriptor *desc, int component) {
    const int shift = component == 1 || component == 2 ? desc->log2_chroma_w : 0;
    return AV_CEIL_RSHIFT(frame->width, shift);
}

static int height_of(const AVFrame *frame, const AVPixFmtDescriptor *desc, int component) {
    const int shift = component == 1 || component == 2 ? desc->log2_chroma_h : 0;
    return AV_CEIL_RSHIFT(frame->height, shift);
}

static void read_row(const AVFrame *frame, const AVPixFmtDescriptor *desc, int component, int y,
                     uint32_t *row) {
    av_read_image_line2(row, (const uint8_t **)frame->data, frame->linesize, desc, 0, y, component,
                        width_of(frame, desc, component), 0, sizeof(*row));
}

static double value_of(const AVPixFmtDescriptor *desc, int component, uint32_t bits) {
    float value;

    if (!is_float(desc))
        return bits;
    if (desc->comp[component].depth == 16)
        return half(bits);
    memcpy(&value, &bits, sizeof(value));
    return value;
}

/* Middle values, so that nothing is clipped. */
static AVFrame *make_frame(enum AVPixelFormat format, int m, enum AVColorRange range) {
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(format);
    AVFrame *frame = random_frame(format, WIDTH, HEIGHT);

    for (int i = 0; i < AV_NUM_DATA_POINTERS && frame->buf[i]; i++)
        memset(frame->buf[i]->data, 0, frame->buf[i]->size); /* writing is by OR */
    for (int c = 0; c < desc->nb_components; c++)
        for (int y = 0; y < height_of(frame, desc, c); y++) {
            uint32_t row[WIDTH];
            for (int x = 0; x < width_of(frame, desc, c); x++) {
                const double unit = 0.3 + 0.4 * rand() / RAND_MAX;
                const float value = unit;
                if (!is_float(desc))
                    row[x] = unit * (1 << desc->comp[c].depth);
                else if (desc->comp[c].depth == 16)
                    row[x] = 0x3400 | (int)(unit * 1024); /* 1/4 to 1/2 */
                else
                    memcpy(&row[x], &value, sizeof(value));
            }
            av_write_image_line2(row, frame->data, frame->linesize, desc, 0, y, c,
                                 width_of(frame, desc, c), sizeof(*row));
        }
    frame->colorspace = matrices[m].space;
    frame->color_range = range;
    return frame;
}

/* The frame after the filter, or NULL if it does not take the format. */
static AVFrame *filter(AVFrame *frame, const char *weights) {
    char filters[1024];
    Graph graph;
    AVFrame *result;

    snprintf(filters, sizeof(filters), "deblur=weights='%s':m=0:queue=0:precision=fp32:threads=1",
             weights);
    if (graph_open(&graph, filters, frame) < 0)
        return NULL;
    require(graph_send(&graph, frame) >= 0 && graph_send(&graph, NULL) >= 0, "send");
    result = graph_receive(&graph);
    require(!!result, "no frame came back");
    graph_close(&graph);
    return result;
}

/* The largest error in code values over the three colours; alpha must be as it was. */
static double largest_error(const AVFrame *before, const AVFrame *after, int m, int full) {
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(before->format);
    const int colors = is_gray(desc) ? 1 : 3;
    double worst = 0;

    for (int c = 0; c < desc->nb_components; c++)
        for (int y = 0; y < height_of(before, desc, c); y++) {
            uint32_t old[WIDTH], new[WIDTH];
            read_row(before, desc, c, y, old);
            read_row(after, desc, c, y, new);
            for (int x = 0; x < width_of(before, desc, c); x++) {
                const double change = c < colors ? expected_change(desc, c, m, full) : 0;
                const double error =
                    fabs(value_of(desc, c, new[x]) - value_of(desc, c, old[x]) - change);
                require(c < colors || old[x] == new[x], "%s: alpha has changed", desc->name);
                worst = fmax(worst, error);
            }
        }
    return worst;
}

/* Without what lies beside the picture. */
static uint8_t *bytes_of(const AVFrame *frame, int *size) {
    uint8_t *bytes;

    *size = av_image_get_buffer_size(frame->format, frame->width, frame->height, 1);
    bytes = av_mallocz(*size);
    av_image_copy_to_buffer(bytes, *size, (const uint8_t *const *)frame->data, frame->linesize,
                            frame->format, frame->width, frame->height, 1);
    return bytes;
}

static int is_untouched(const AVFrame *before, const AVFrame *after) {
    int size;
    uint8_t *old = bytes_of(before, &size), *new = bytes_of(after, &size);
    const int same = !memcmp(old, new, size);

    av_free(old);
    av_free(new);
    return same;
}

/* The known correction in frames with these tags, where full tells what the range is taken as. */
static void check_correction(const AVPixFmtDescriptor *desc, int m, enum AVColorRange range, int full) {
    const double tolerance = !is_float(desc)               ? 0.5 + 1e-6 * (1 << desc->comp[0].depth)
                             : desc->comp[0].depth == 16 ? 0x1p-11
                                                         : 0x1p-23;
    AVFrame *frame = make_frame(av_pix_fmt_desc_get_id(desc), m, range), *result = filter(frame, known_weights);
    double error;

    require(!!result, "%s, %s, %s range: refused", desc->name, matrices[m].name, av_color_range_name(range));
    error = largest_error(frame, result, m, full);
    printf(is_float(desc) ? " %.7f" : " %.3f", error);
    require(error <= tolerance, "\n%s, %s, %s range: off by %f", desc->name, matrices[m].name,
            av_color_range_name(range), error);
    av_frame_free(&frame);
    av_frame_free(&result);
}

/* Returns 0 if the filter does not take the format. */
static int check_format(const AVPixFmtDescriptor *desc) {
    const enum AVPixelFormat format = av_pix_fmt_desc_get_id(desc);
    const int j = !strncmp(desc->name, "yuvj", 4);
    const int is_guessed_full = j || is_rgb(desc) || is_gray(desc);
    AVFrame *frame = make_frame(format, 0, j ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG);
    AVFrame *result = filter(frame, zero_weights);

    if (!result) {
        av_frame_free(&frame);
        return 0;
    }
    require(is_untouched(frame, result), "%s: a correction of zero has changed it", desc->name);
    av_frame_free(&frame);
    av_frame_free(&result);

    printf("%-14s", desc->name);
    for (int m = 0; m < MATRICES; m++) {
        if (is_rgb(desc) && matrices[m].space != AVCOL_SPC_RGB)
            continue;
        if (!j)
            check_correction(desc, m, AVCOL_RANGE_MPEG, 0);
        check_correction(desc, m, AVCOL_RANGE_JPEG, 1);
        check_correction(desc, m, AVCOL_RANGE_UNSPECIFIED, is_guessed_full);
    }
    printf("\n");
    return 1;
}

int main(int argc, char **argv) {
    const AVPixFmtDescriptor *desc = NULL;
    int taken = 0;

    require(argc == 6, "usage: formats KNOWN ZERO RED GREEN BLUE");
    known_weights = argv[1];
    zero_weights = argv[2];
    for (int k = 0; k < 3; k++)
        offset[k] = (float)atof(argv[3 + k]);
    av_log_set_level(AV_LOG_QUIET);

    for (size_t i = 0; i < sizeof(required) / sizeof(required[0]); i++) {
        const enum AVPixelFormat format = av_get_pix_fmt(required[i]);
        AVFrame *frame, *result;
        if (format == AV_PIX_FMT_NONE)
            continue;
        frame = random_frame(format, WIDTH, HEIGHT);
        result = filter(frame, zero_weights);
        require(!!result, "%s is not taken", required[i]);
        av_frame_free(&frame);
        av_frame_free(&result);
    }

    printf("largest error in code values, limited (not yuvj), full and unspecified range of");
    for (int m = 0; m < MATRICES; m++)
        printf(" %s", matrices[m].name);
    printf(" (gray and YUV; RGB: its three ranges)\n");
    while ((desc = av_pix_fmt_desc_next(desc)))
        if (!(desc->flags & (AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_BITSTREAM)))
            taken += check_format(desc);
    printf("%d formats\n", taken);
    return 0;
}
