/*
 * Colour tags that change in mid-stream: each frame is restored as its own tags say, no window reaches over the change,
 * no network is opened for it, and the recurrent state stays.
 *
 * Usage: tags WEIGHTS RECURRENT   weights without a recurrent state, and with one and m = 0
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libavutil/log.h>

#include "graph.h"

enum { COUNT = 8, CHANGE = 4, WIDTH = 32, HEIGHT = 24 };

typedef struct Tags {
    enum AVColorSpace space;
    enum AVColorRange range;
    enum AVChromaLocation location;
} Tags;

static int opened; /* networks, since restore() began */

static void count_opened(void *context, int level, const char *format, va_list arguments) {
    char line[1024];

    (void)context;
    vsnprintf(line, sizeof(line), format, arguments);
    opened += !!strstr(line, " on cpu in ");
    if (level <= AV_LOG_ERROR)
        fputs(line, stderr);
}

static void set_tags(AVFrame *frame, const Tags *tags) {
    frame->colorspace = tags->space;
    frame->color_range = tags->range;
    frame->chroma_location = tags->location;
}

/* Restores frames[begin..end), the first CHANGE of them with the first tags. */
static void restore(const char *weights, AVFrame **frames, int begin, int end, const Tags tags[2], AVFrame **out) {
    char filters[1024];
    Graph graph;
    int received = begin;

    opened = 0;
    snprintf(filters, sizeof(filters), "deblur=weights='%s':threads=1:scene=0", weights);
    for (int n = begin; n < end; n++)
        set_tags(frames[n], &tags[n >= CHANGE]);
    require(graph_open(&graph, filters, frames[begin]) >= 0, "%s is refused", filters);
    for (int n = begin; n <= end; n++) {
        require(graph_send(&graph, n < end ? frames[n] : NULL) >= 0, "send");
        while ((out[received] = graph_receive(&graph)))
            received++;
    }
    require(received == end, "%d frames came back, not %d", received, end);
    graph_close(&graph);
    require(opened == 1, "%d networks were opened", opened);
}

static int same_samples(const AVFrame *a, const AVFrame *b) {
    for (int plane = 0; plane < 3; plane++)
        for (int y = 0; y < HEIGHT >> !!plane; y++)
            if (memcmp(a->data[plane] + y * a->linesize[plane], b->data[plane] + y * b->linesize[plane],
                       WIDTH >> !!plane))
                return 0;
    return 1;
}

static void check(const char *weights, AVFrame **frames, const char *name, const Tags tags[2]) {
    const Tags unchanged[2] = {tags[0], tags[0]};
    AVFrame *changed[COUNT + 1], *parts[COUNT + 1], *without[COUNT + 1];
    int differ = 0;

    restore(weights, frames, 0, COUNT, unchanged, without);
    restore(weights, frames, 0, CHANGE, tags, parts);
    restore(weights, frames, CHANGE, COUNT, tags, parts);
    restore(weights, frames, 0, COUNT, tags, changed);
    for (int n = 0; n < COUNT; n++) {
        require(same_samples(changed[n], parts[n]), "%s: frame %d", name, n);
        differ += !same_samples(changed[n], without[n]);
    }
    require(differ > 0, "%s changes nothing", name);
    for (int n = 0; n < COUNT; n++) {
        av_frame_free(&changed[n]);
        av_frame_free(&parts[n]);
        av_frame_free(&without[n]);
    }
    printf("%s\n", name);
}

/* Where chroma lies means nothing to RGB, but it is a change. */
static void check_state(const char *weights, AVFrame **frames) {
    const Tags left = {AVCOL_SPC_RGB, AVCOL_RANGE_JPEG, AVCHROMA_LOC_LEFT};
    Tags tags[2] = {left, left};
    AVFrame *changed[COUNT + 1], *without[COUNT + 1];

    restore(weights, frames, 0, COUNT, tags, without);
    tags[1].location = AVCHROMA_LOC_TOPLEFT;
    restore(weights, frames, 0, COUNT, tags, changed);
    for (int n = 0; n < COUNT; n++) {
        require(same_samples(changed[n], without[n]), "state: frame %d", n);
        av_frame_free(&changed[n]);
        av_frame_free(&without[n]);
    }
    printf("state\n");
}

int main(int argc, char **argv) {
    const Tags plain = {AVCOL_SPC_BT709, AVCOL_RANGE_MPEG, AVCHROMA_LOC_LEFT};
    Tags matrix[2] = {plain, plain}, range[2] = {plain, plain}, location[2] = {plain, plain};
    AVFrame *frames[COUNT], *rgb[COUNT];

    require(argc == 3, "usage: tags WEIGHTS RECURRENT");
    av_log_set_callback(count_opened);
    for (int n = 0; n < COUNT; n++) {
        frames[n] = random_frame(AV_PIX_FMT_YUV420P, WIDTH, HEIGHT);
        rgb[n] = random_frame(AV_PIX_FMT_GBRP, WIDTH, HEIGHT);
        frames[n]->pts = rgb[n]->pts = n;
    }
    matrix[1].space = AVCOL_SPC_SMPTE170M;
    range[1].range = AVCOL_RANGE_JPEG;
    location[1].location = AVCHROMA_LOC_TOPLEFT;
    check(argv[1], frames, "matrix", matrix);
    check(argv[1], frames, "range", range);
    check(argv[1], frames, "chroma location", location);
    check_state(argv[2], rgb);
    for (int n = 0; n < COUNT; n++) {
        av_frame_free(&frames[n]);
        av_frame_free(&rgb[n]);
    }
    return 0;
}
