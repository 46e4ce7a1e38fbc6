/*
 * A filter graph with one source and one sink, for tests that drive libavfilter from C.
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef DEBLUR_TESTS_GRAPH_H
#define DEBLUR_TESTS_GRAPH_H

#include <libavfilter/avfilter.h>
#include <libavutil/frame.h>

typedef struct Graph {
    AVFilterGraph *graph;
    AVFilterContext *source, *sink;
} Graph;

/**
 * Configures filters for frames like this one, with a time base of 1/10. Pixel formats are not
 * converted: if a filter does not take the frame's, it fails.
 */
int graph_open(Graph *graph, const char *filters, const AVFrame *like);

/** Sends a reference to a frame; NULL ends the stream. */
int graph_send(Graph *graph, AVFrame *frame);

/** The next frame, to be freed; NULL if there is none (yet). Ends the program on errors. */
AVFrame *graph_receive(Graph *graph);

void graph_close(Graph *graph);

/** Ends the program with a message and status 1 unless the condition holds. */
void require(int condition, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** A frame with a buffer of its own, filled with random bytes. */
AVFrame *random_frame(enum AVPixelFormat format, int width, int height);

#endif
