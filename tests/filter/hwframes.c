/*
 * Frames in GPU memory whose size changes in mid-stream: restored as those in host memory are, and the filter's
 * input has its frames back as soon as they are sent.
 *
 * Usage: hwframes WEIGHTS
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <stdio.h>
#include <string.h>

#include <libavutil/hwcontext.h>
#include <libavutil/pixdesc.h>

#include "graph.h"

enum { COUNT = 8, CHANGE = 4 };

static const int sizes[2][2] = {{32, 24}, {48, 16}};

/* Sends all frames through a graph; returns how many of them were still in use once they were sent. */
static int restore(const char *weights, const char *device, AVFrame **frames, AVFrame **out) {
    char filters[1024];
    Graph graph;
    int received = 0, kept = 0;

    snprintf(filters, sizeof(filters), "deblur=weights='%s':threads=1:scene=0:queue=4:device=%s", weights, device);
    require(graph_open(&graph, filters, frames[0]) >= 0, "%s is refused", filters);
    for (int n = 0; n <= COUNT; n++) {
        require(graph_send(&graph, n < COUNT ? frames[n] : NULL) >= 0, "send");
        while (received < COUNT && (out[received] = graph_receive(&graph)))
            received++;
        kept += n < COUNT && av_buffer_get_ref_count(frames[n]->buf[0]) > 1;
    }
    require(received == COUNT, "%d frames came back, not %d", received, COUNT);
    graph_close(&graph);
    return kept;
}

static AVBufferRef *make_frames(AVBufferRef *device, const int size[2]) {
    AVBufferRef *made = av_hwframe_ctx_alloc(device);
    AVHWFramesContext *frames;

    require(!!made, "out of memory");
    frames = (AVHWFramesContext *)made->data;
    frames->format = AV_PIX_FMT_CUDA;
    frames->sw_format = AV_PIX_FMT_NV12;
    frames->width = size[0];
    frames->height = size[1];
    require(av_hwframe_ctx_init(made) >= 0, "no frames in GPU memory");
    return made;
}

static AVFrame *upload(AVBufferRef *frames, const AVFrame *frame) {
    AVFrame *uploaded = av_frame_alloc();

    require(uploaded && av_hwframe_get_buffer(frames, uploaded, 0) >= 0, "out of memory");
    require(av_hwframe_transfer_data(uploaded, frame, 0) >= 0, "upload");
    require(av_frame_copy_props(uploaded, frame) >= 0, "properties");
    return uploaded;
}

static int same_samples(const AVFrame *a, const AVFrame *b) {
    for (int plane = 0; plane < 2; plane++)
        for (int y = 0; y < a->height >> plane; y++)
            if (memcmp(a->data[plane] + y * a->linesize[plane], b->data[plane] + y * b->linesize[plane], a->width))
                return 0;
    return 1;
}

int main(int argc, char **argv) {
    AVFrame *frames[COUNT], *on_gpu[COUNT], *expected[COUNT], *restored[COUNT];
    AVBufferRef *device = NULL, *pools[2];
    int kept;

    require(argc == 2, "usage: hwframes WEIGHTS");
    require(av_hwdevice_ctx_create(&device, AV_HWDEVICE_TYPE_CUDA, "0", NULL, 0) >= 0, "no CUDA device");
    for (int i = 0; i < 2; i++)
        pools[i] = make_frames(device, sizes[i]);
    for (int n = 0; n < COUNT; n++) {
        const int *size = sizes[n >= CHANGE];
        frames[n] = random_frame(AV_PIX_FMT_NV12, size[0], size[1]);
        frames[n]->pts = n;
        on_gpu[n] = upload(pools[n >= CHANGE], frames[n]);
    }
    kept = restore(argv[1], "auto", on_gpu, restored);
    require(kept == 0, "%d frames of the input were kept", kept);
    restore(argv[1], "cpu", frames, expected);
    for (int n = 0; n < COUNT; n++) {
        AVFrame *down = av_frame_alloc();
        require(restored[n]->width == frames[n]->width && restored[n]->height == frames[n]->height, "%d: size", n);
        require(restored[n]->pts == n, "%d: time", n);
        require(down && av_hwframe_transfer_data(down, restored[n], 0) >= 0, "%d: download", n);
        require(same_samples(down, expected[n]), "%d: not as in host memory", n);
        require(!same_samples(down, frames[n]), "%d: not restored", n);
        av_frame_free(&down);
        av_frame_free(&frames[n]);
        av_frame_free(&on_gpu[n]);
        av_frame_free(&expected[n]);
        av_frame_free(&restored[n]);
    }
    for (int i = 0; i < 2; i++)
        av_buffer_unref(&pools[i]);
    av_buffer_unref(&device);
    puts("frames in GPU memory are restored");
    return 0;
}
