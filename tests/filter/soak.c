/*
 * The filter under load: memory, threads and file handles must not grow.
 *
 * Usage: soak WEIGHTS long FRAMES     one graph with two filters, many frames
 *        soak WEIGHTS open TIMES      graphs opened, used for one frame, and closed
 *        soak WEIGHTS together TIMES  four threads that do the latter at the same time
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <dirent.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "graph.h"

static char filters[2048];

static int entries(const char *path) {
    DIR *directory = opendir(path);
    int count = 0;

    require(!!directory, "%s", path);
    while (readdir(directory))
        count++;
    closedir(directory);
    return count;
}

typedef struct Usage {
    long pages;
    int threads, handles;
} Usage;

static Usage usage(const char *when) {
    Usage now = {0, entries("/proc/self/task"), entries("/proc/self/fd")};
    long size;
    FILE *file;

    malloc_trim(0); /* how many threads' heaps were in use at once is chance, and no leak */
    file = fopen("/proc/self/statm", "r");
    require(file && fscanf(file, "%ld %ld", &size, &now.pages) == 2, "statm");
    fclose(file);
    printf("%s: %.1f MB, %d threads, %d handles\n", when,
           now.pages * sysconf(_SC_PAGESIZE) / 1e6, now.threads, now.handles);
    return now;
}

/* threads: those of a closed graph may take a moment to leave /proc. */
static void require_no_growth(Usage before, Usage after, int threads) {
    const double megabytes = (after.pages - before.pages) * sysconf(_SC_PAGESIZE) / 1e6;

    require(megabytes < 16, "memory has grown by %.1f MB", megabytes);
    require(after.threads <= before.threads + threads, "threads have grown");
    require(after.handles <= before.handles, "handles have grown");
}

static int drain(Graph *graph) {
    AVFrame *frame;
    int count = 0;

    while ((frame = graph_receive(graph))) {
        av_frame_free(&frame);
        count++;
    }
    return count;
}

static void run_long(int frames) {
    AVFrame *frame = random_frame(AV_PIX_FMT_YUV420P, 16, 16);
    Usage early = {0};
    Graph graph;
    int received = 0;

    require(graph_open(&graph, filters, frame) >= 0, "open");
    for (int n = 0; n < frames; n++) {
        frame->pts = n;
        require(graph_send(&graph, frame) >= 0, "send");
        received += drain(&graph);
        if (n == frames / 4)
            early = usage("a quarter");
    }
    require_no_growth(early, usage("all"), 0);
    require(graph_send(&graph, NULL) >= 0, "send");
    received += drain(&graph);
    require(received == frames, "%d of %d frames", received, frames);
    graph_close(&graph);
    av_frame_free(&frame);
}

static void *open_and_close(void *times) {
    AVFrame *frame = random_frame(AV_PIX_FMT_NV12, 16, 16);

    for (int n = 0; n < *(int *)times; n++) {
        Graph graph;
        require(graph_open(&graph, filters, frame) >= 0, "open");
        require(graph_send(&graph, frame) >= 0, "send");
        if (n % 2) { /* else it is closed with a frame on its way */
            require(graph_send(&graph, NULL) >= 0 && drain(&graph) == 1, "drain");
        }
        graph_close(&graph);
    }
    av_frame_free(&frame);
    return NULL;
}

static void run_together(int times) {
    pthread_t threads[4];

    for (int i = 0; i < 4; i++)
        require(!pthread_create(&threads[i], NULL, open_and_close, &times), "thread");
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
}

int main(int argc, char **argv) {
    int count, warm_up = 8;
    Usage early;

    require(argc == 4, "usage: soak WEIGHTS long|open|together COUNT");
    count = atoi(argv[3]);
    mallopt(M_ARENA_MAX, 1); /* or what each thread keeps for itself looks like a leak */
    av_log_set_level(AV_LOG_WARNING);
    snprintf(filters, sizeof(filters),
             "deblur=weights='%s':threads=1,deblur=weights='%s':threads=1:field=fields", argv[1],
             argv[1]);
    if (!strcmp(argv[2], "long")) {
        run_long(count);
        return 0;
    }
    if (!strcmp(argv[2], "open"))
        open_and_close(&warm_up);
    else
        run_together(warm_up);
    early = usage("warm");
    if (!strcmp(argv[2], "open"))
        open_and_close(&count);
    else
        run_together(count);
    require_no_growth(early, usage("all"), 8);
    return 0;
}
