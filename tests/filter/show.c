/*
 * Runs a filter graph, and prints a line for each frame that reaches one of its labelled outputs: the label, then
 * all of the frame that is not its samples. Unlike showinfo's log this is whole whatever other threads are saying.
 *
 * Usage: show GRAPH
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <inttypes.h>
#include <stdio.h>

#include <libavfilter/buffersink.h>
#include <libavutil/adler32.h>
#include <libavutil/avutil.h>
#include <libavutil/dict.h>
#include <libavutil/pixdesc.h>

#include "graph.h"

static void show_tags(const AVFrame *frame) {
    printf(" format:%s size:%dx%d sar:%d/%d", av_get_pix_fmt_name(frame->format), frame->width, frame->height,
           frame->sample_aspect_ratio.num, frame->sample_aspect_ratio.den);
    printf(" primaries:%d transfer:%d matrix:%d range:%d siting:%d", frame->color_primaries, frame->color_trc,
           frame->colorspace, frame->color_range, frame->chroma_location);
}

static void show_flags(const AVFrame *frame) {
#ifdef AV_FRAME_FLAG_INTERLACED
    const int64_t duration = frame->duration;
    const int interlaced = !!(frame->flags & AV_FRAME_FLAG_INTERLACED);
    const int top_first = !!(frame->flags & AV_FRAME_FLAG_TOP_FIELD_FIRST);
    const int key = !!(frame->flags & AV_FRAME_FLAG_KEY);
#else
    const int64_t duration = frame->pkt_duration;
    const int interlaced = frame->interlaced_frame, top_first = frame->top_field_first;
    const int key = frame->key_frame;
#endif
    printf(" duration:%" PRId64 " order:%c key:%d type:%c repeat:%d", duration,
           interlaced ? top_first ? 'T' : 'B' : 'P', key, av_get_picture_type_char(frame->pict_type),
           frame->repeat_pict);
}

static void show_extras(const AVFrame *frame) {
    const AVDictionaryEntry *entry = NULL;

    while ((entry = av_dict_get(frame->metadata, "", entry, AV_DICT_IGNORE_SUFFIX)))
        printf(" %s=%s", entry->key, entry->value);
    for (int i = 0; i < frame->nb_side_data; i++) {
        const AVFrameSideData *data = frame->side_data[i];
        const char *name = av_frame_side_data_name(data->type);
        printf(" '%s':%08" PRIx32, name ? name : "?", (uint32_t)av_adler32_update(0, data->data, data->size));
    }
}

static void show(AVFilterContext *sink) {
    AVFrame *frame = av_frame_alloc();
    int ret;

    require(!!frame, "out of memory");
    while ((ret = av_buffersink_get_frame(sink, frame)) >= 0) {
        printf("%s pts:", sink->name);
        if (frame->pts == AV_NOPTS_VALUE)
            printf("none");
        else
            printf("%" PRId64, frame->pts);
        show_flags(frame);
        show_tags(frame);
        show_extras(frame);
        putchar('\n');
        av_frame_unref(frame);
    }
    require(ret == AVERROR_EOF, "%s: %s", sink->name, av_err2str(ret));
    av_frame_free(&frame);
}

int main(int argc, char **argv) {
    AVFilterGraph *graph = avfilter_graph_alloc();
    AVFilterInOut *inputs, *outputs;
    AVFilterContext *sinks[8];
    int count = 0, ret;

    require(argc == 2, "usage: show GRAPH");
    require(!!graph, "out of memory");
    av_log_set_level(AV_LOG_ERROR);
    graph->nb_threads = 1;
    ret = avfilter_graph_parse2(graph, argv[1], &inputs, &outputs);
    require(ret >= 0 && !inputs, "%s: %s", argv[1], ret < 0 ? av_err2str(ret) : "has open inputs");
    for (const AVFilterInOut *output = outputs; output; output = output->next) {
        require(count < 8 && output->name, "more than eight outputs, or one without a label");
        ret = avfilter_graph_create_filter(&sinks[count], avfilter_get_by_name("buffersink"), output->name, NULL, NULL,
                                           graph);
        require(ret >= 0 && avfilter_link(output->filter_ctx, output->pad_idx, sinks[count], 0) >= 0,
                "%s: no sink for it", output->name);
        count++;
    }
    avfilter_inout_free(&outputs);
    ret = avfilter_graph_config(graph, NULL);
    require(ret >= 0, "%s: %s", argv[1], av_err2str(ret));
    for (int i = 0; i < count; i++)
        show(sinks[i]);
    avfilter_graph_free(&graph);
    return 0;
}
