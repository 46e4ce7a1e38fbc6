/*
 * Every kind of side data that this FFmpeg knows, metadata, times, flags and colour tags arrive with the
 * frame that they left with.
 *
 * Usage: properties WEIGHTS
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libavutil/dict.h>
#include <libavutil/frame.h>

#include "graph.h"

enum { COUNT = 10, TYPES = 64 };

static int side_data_types(enum AVFrameSideDataType *types) {
    int count = 0;

    for (int type = 0; type < TYPES; type++)
        if (av_frame_side_data_name(type))
            types[count++] = type;
    return count;
}

/* Properties that tell which frame they belong to. */
static AVFrame *make_frame(int n) {
    enum AVFrameSideDataType types[TYPES];
    const int count = side_data_types(types);
    AVFrame *frame = random_frame(AV_PIX_FMT_YUV420P10, 32, 24);
    char text[32];

    for (int i = 0; i < count; i++) {
        AVFrameSideData *data = av_frame_new_side_data(frame, types[i], 256);
        require(!!data, "out of memory");
        memset(data->data, 16 * i + n, data->size);
        snprintf(text, sizeof(text), "%d", n);
        av_dict_set(&data->metadata, "frame", text, 0);
    }
    av_dict_set(&frame->metadata, "frame", text, 0);
    frame->pts = n == 3 ? AV_NOPTS_VALUE : n * n - 20;
    frame->pkt_dts = n;
    frame->opaque = (void *)(intptr_t)(n + 1);
    frame->pict_type = 1 + n % 3;
    frame->quality = n;
    frame->repeat_pict = n % 2;
    frame->crop_right = n;
    frame->color_primaries = AVCOL_PRI_BT2020;
    frame->color_trc = n % 2 ? AVCOL_TRC_SMPTE2084 : AVCOL_TRC_ARIB_STD_B67;
    frame->colorspace = AVCOL_SPC_BT2020_NCL;
    frame->color_range = AVCOL_RANGE_MPEG;
    frame->chroma_location = AVCHROMA_LOC_TOPLEFT;
#ifdef AV_FRAME_FLAG_INTERLACED
    frame->flags |= n / 4 % 2 ? AV_FRAME_FLAG_INTERLACED | AV_FRAME_FLAG_TOP_FIELD_FIRST : 0;
    frame->flags |= n % 3 ? 0 : AV_FRAME_FLAG_KEY;
    frame->duration = n + 7;
#else
    frame->interlaced_frame = frame->top_field_first = n / 4 % 2;
    frame->key_frame = n % 3 == 0;
    frame->pkt_duration = n + 7;
#endif
    return frame;
}

static void require_same(const AVFrame *out, const AVFrame *in, int n) {
    require(out->pts == in->pts && out->pkt_dts == in->pkt_dts, "frame %d: time", n);
    require(out->opaque == in->opaque && out->pict_type == in->pict_type &&
                out->quality == in->quality && out->repeat_pict == in->repeat_pict &&
                out->crop_right == in->crop_right,
            "frame %d: properties", n);
    require(out->color_primaries == in->color_primaries && out->color_trc == in->color_trc &&
                out->colorspace == in->colorspace && out->color_range == in->color_range &&
                out->chroma_location == in->chroma_location,
            "frame %d: colour tags", n);
#ifdef AV_FRAME_FLAG_INTERLACED
    require(out->flags == in->flags && out->duration == in->duration, "frame %d: flags", n);
#else
    require(out->interlaced_frame == in->interlaced_frame && out->key_frame == in->key_frame &&
                out->top_field_first == in->top_field_first &&
                out->pkt_duration == in->pkt_duration,
            "frame %d: flags", n);
#endif
    require(!strcmp(av_dict_get(out->metadata, "frame", NULL, 0)->value,
                    av_dict_get(in->metadata, "frame", NULL, 0)->value),
            "frame %d: metadata", n);
    require(out->nb_side_data == in->nb_side_data, "frame %d: %d instead of %d side data", n,
            out->nb_side_data, in->nb_side_data);
    for (int i = 0; i < in->nb_side_data; i++) {
        const AVFrameSideData *a = in->side_data[i], *b = av_frame_get_side_data(out, a->type);
        require(b && b->size == a->size && !memcmp(a->data, b->data, a->size) &&
                    !strcmp(av_dict_get(a->metadata, "frame", NULL, 0)->value,
                            av_dict_get(b->metadata, "frame", NULL, 0)->value),
                "frame %d: side data '%s'", n, av_frame_side_data_name(a->type));
    }
}

static void run(const char *weights, const char *options) {
    char filters[1024];
    AVFrame *frames[COUNT];
    Graph graph;
    int received = 0;

    snprintf(filters, sizeof(filters), "deblur=weights='%s':threads=1:%s", weights, options);
    for (int n = 0; n < COUNT; n++)
        frames[n] = make_frame(n);
    require(graph_open(&graph, filters, frames[0]) >= 0, "%s is refused", filters);
    for (int n = 0; n <= COUNT; n++) {
        AVFrame *out;
        require(graph_send(&graph, n < COUNT ? frames[n] : NULL) >= 0, "send");
        while ((out = graph_receive(&graph))) {
            require_same(out, frames[received], received);
            received++;
            av_frame_free(&out);
        }
    }
    require(received == COUNT, "%d frames came back", received);
    graph_close(&graph);
    for (int n = 0; n < COUNT; n++)
        av_frame_free(&frames[n]);
}

int main(int argc, char **argv) {
    enum AVFrameSideDataType types[TYPES];

    require(argc == 2, "usage: properties WEIGHTS");
    av_log_set_level(AV_LOG_WARNING);
    run(argv[1], "queue=2");
    run(argv[1], "queue=0:field=fields");
    run(argv[1], "enable='between(n,2,5)'");
    printf("%d kinds of side data\n", side_data_types(types));
    return 0;
}
