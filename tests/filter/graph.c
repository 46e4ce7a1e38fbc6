/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/mem.h>
#include <libavutil/pixdesc.h>

void require(int condition, const char *format, ...) {
    va_list arguments;

    if (condition)
        return;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

static int make_source(Graph *graph, const AVFrame *like) {
    AVBufferSrcParameters *parameters = av_buffersrc_parameters_alloc();
    int ret = AVERROR(ENOMEM);

    graph->source = avfilter_graph_alloc_filter(graph->graph, avfilter_get_by_name("buffer"), "in");
    if (parameters && graph->source) {
        parameters->width = like->width;
        parameters->height = like->height;
        parameters->format = like->format;
        parameters->time_base = (AVRational){1, 10};
        parameters->hw_frames_ctx = like->hw_frames_ctx;
#if LIBAVFILTER_VERSION_INT >= AV_VERSION_INT(9, 16, 100)
        parameters->color_space = like->colorspace;
        parameters->color_range = like->color_range;
#endif
        ret = av_buffersrc_parameters_set(graph->source, parameters);
    }
    if (ret >= 0)
        ret = avfilter_init_str(graph->source, NULL);
    av_free(parameters);
    return ret;
}

int graph_open(Graph *graph, const char *filters, const AVFrame *like) {
    AVFilterInOut *in = avfilter_inout_alloc(), *out = avfilter_inout_alloc();
    int ret = AVERROR(ENOMEM);

    graph->graph = avfilter_graph_alloc();
    if (in && out && graph->graph) {
        graph->graph->nb_threads = 1;
        avfilter_graph_set_auto_convert(graph->graph, AVFILTER_AUTO_CONVERT_NONE);
        ret = make_source(graph, like);
    }
    if (ret >= 0)
        ret = avfilter_graph_create_filter(&graph->sink, avfilter_get_by_name("buffersink"), "out",
                                           NULL, NULL, graph->graph);
    if (ret >= 0) {
        *out = (AVFilterInOut){av_strdup("in"), graph->source, 0, NULL};
        *in = (AVFilterInOut){av_strdup("out"), graph->sink, 0, NULL};
        ret = avfilter_graph_parse_ptr(graph->graph, filters, &in, &out, NULL);
    }
    if (ret >= 0)
        ret = avfilter_graph_config(graph->graph, NULL);
    avfilter_inout_free(&in);
    avfilter_inout_free(&out);
    if (ret < 0)
        graph_close(graph);
    return ret;
}

int graph_send(Graph *graph, AVFrame *frame) {
    return av_buffersrc_add_frame_flags(graph->source, frame, AV_BUFFERSRC_FLAG_KEEP_REF);
}

AVFrame *graph_receive(Graph *graph) {
    AVFrame *frame = av_frame_alloc();
    int ret;

    require(!!frame, "out of memory");
    ret = av_buffersink_get_frame(graph->sink, frame);
    if (ret >= 0)
        return frame;
    require(ret == AVERROR(EAGAIN) || ret == AVERROR_EOF, "graph: %s", av_err2str(ret));
    av_frame_free(&frame);
    return NULL;
}

void graph_close(Graph *graph) {
    avfilter_graph_free(&graph->graph);
}

AVFrame *random_frame(enum AVPixelFormat format, int width, int height) {
    AVFrame *frame = av_frame_alloc();
    int ret;

    require(!!frame, "out of memory");
    frame->width = width;
    frame->height = height;
    frame->format = format;
    ret = av_frame_get_buffer(frame, 0);
    require(ret >= 0, "%s %dx%d: %s", av_get_pix_fmt_name(format), width, height, av_err2str(ret));
    for (int i = 0; i < AV_NUM_DATA_POINTERS && frame->buf[i]; i++)
        for (size_t at = 0; at < frame->buf[i]->size; at++)
            frame->buf[i]->data[at] = rand() >> 8;
    return frame;
}
