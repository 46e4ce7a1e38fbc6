/*
 * An NVIDIA driver whose GPUs are the host: device memory is malloc's, and everything that is put on a stream
 * happens at once. Strict about contexts: memory, streams and events need a current one, and memory is reached
 * from the context only that it was allocated in, unless a copy between contexts names both.
 *
 * FAKE_GPU is the GPU's name; or, if that is a number, the error of cuInit(). FAKE_GPU_COUNT: how many, 1 unless
 * told otherwise. With FAKE_CUDA_SUMMARY, the end of the process is one line about allocations.
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cuda_driver.h"

#define EXPORT __attribute__((visibility("default")))

enum { SUCCESS = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, INVALID_DEVICE = 101, INVALID_CONTEXT = 201,
       INVALID_HANDLE = 400, NOT_SUPPORTED = 801 };
enum { MAX_GPUS = 8, MAX_DEPTH = 16, TEXTURE_ALIGNMENT = 14, ALIGNMENT = 512 };

typedef uint64_t address;
typedef struct context { int device; } context;
typedef struct allocation {
    char *begin;
    size_t size;
    const context *owner;
    struct allocation *next;
} allocation;
typedef struct event { const context *owner; } event;

/* As in cuda.h. */
typedef struct side {
    size_t x, y;
    int type;
    void *host;
    address device;
    void *array;
    size_t pitch;
} side;

typedef struct memcpy_2d {
    side src, dst;
    size_t width, height;
} memcpy_2d;

typedef struct peer_side {
    size_t x, y, z, lod;
    int type;
    void *host;
    address device;
    void *array;
    context *context;
    size_t pitch, height;
} peer_side;

typedef struct memcpy_3d_peer {
    peer_side src, dst;
    size_t width, height, depth;
} memcpy_3d_peer;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; /* guards these two */
static fake_cuda seen;
static allocation *allocations;
static context primary[MAX_GPUS];
static __thread context *stack[MAX_DEPTH];
static __thread int depth;

static int count(int *counter, int change) {
    int value;

    pthread_mutex_lock(&mutex);
    value = *counter += change;
    pthread_mutex_unlock(&mutex);
    return value;
}

static int gpu_count(void) {
    const char *number = getenv("FAKE_GPU_COUNT");
    return number ? atoi(number) : 1;
}

EXPORT fake_cuda fake_cuda_seen(void) {
    seen.pushed = depth;
    return seen;
}

__attribute__((destructor)) static void summarise(void) {
    if (getenv("FAKE_CUDA_SUMMARY"))
        fprintf(stderr, "fake driver: %d allocations, %d live, %d contexts, %d events\n", seen.allocations,
                seen.live, seen.contexts, seen.events);
}

EXPORT int cuInit(unsigned flags) {
    const char *gpu = getenv("FAKE_GPU");

    (void)flags;
    return gpu ? atoi(gpu) : 100;
}

EXPORT int cuGetErrorString(int error, const char **text) {
    static char line[32];

    snprintf(line, sizeof(line), "error text %d", error);
    *text = line;
    return SUCCESS;
}

EXPORT int cuGetErrorName(int error, const char **text) {
    return cuGetErrorString(error, text);
}

EXPORT int cuDeviceGetCount(int *number) {
    *number = gpu_count();
    return SUCCESS;
}

EXPORT int cuDeviceGet(int *device, int ordinal) {
    *device = ordinal;
    return ordinal >= 0 && ordinal < gpu_count() ? SUCCESS : INVALID_DEVICE;
}

EXPORT int cuDeviceGetName(char *name, int size, int device) {
    (void)device;
    snprintf(name, size, "%s", getenv("FAKE_GPU"));
    return SUCCESS;
}

EXPORT int cuDeviceGetAttribute(int *value, int attribute, int device) {
    (void)device;
    *value = attribute == TEXTURE_ALIGNMENT ? ALIGNMENT : 0;
    return SUCCESS;
}

EXPORT int cuDevicePrimaryCtxRetain(context **retained, int device) {
    if (device < 0 || device >= gpu_count())
        return INVALID_DEVICE;
    primary[device].device = device;
    *retained = &primary[device];
    count(&seen.contexts, 1);
    return SUCCESS;
}

EXPORT int cuDevicePrimaryCtxRelease_v2(int device) {
    (void)device;
    count(&seen.contexts, -1);
    return SUCCESS;
}

EXPORT int cuDevicePrimaryCtxRelease(int device) {
    return cuDevicePrimaryCtxRelease_v2(device);
}

EXPORT int cuDevicePrimaryCtxGetState(int device, unsigned *flags, int *active) {
    (void)device;
    *flags = 0;
    *active = 0;
    return SUCCESS;
}

EXPORT int cuDevicePrimaryCtxSetFlags(int device, unsigned flags) {
    (void)device, (void)flags;
    return SUCCESS;
}

EXPORT int cuCtxPushCurrent_v2(context *pushed) {
    if (!pushed || depth == MAX_DEPTH)
        return INVALID_CONTEXT;
    stack[depth++] = pushed;
    return SUCCESS;
}

EXPORT int cuCtxPopCurrent_v2(context **popped) {
    if (!depth)
        return INVALID_CONTEXT;
    depth--;
    if (popped)
        *popped = stack[depth];
    return SUCCESS;
}

EXPORT int cuCtxGetCurrent(context **current) {
    *current = depth ? stack[depth - 1] : NULL;
    return SUCCESS;
}

EXPORT int cuCtxGetDevice(int *device) {
    if (!depth)
        return INVALID_CONTEXT;
    *device = stack[depth - 1]->device;
    return SUCCESS;
}

EXPORT int cuCtxCreate_v2(context **made, unsigned flags, int device) {
    (void)flags;
    *made = calloc(1, sizeof(**made));
    if (!*made)
        return OUT_OF_MEMORY;
    (*made)->device = device;
    count(&seen.contexts, 1);
    return cuCtxPushCurrent_v2(*made);
}

EXPORT int cuCtxDestroy_v2(context *destroyed) {
    if (depth && stack[depth - 1] == destroyed)
        depth--;
    free(destroyed);
    count(&seen.contexts, -1);
    return SUCCESS;
}

EXPORT int cuMemAlloc_v2(address *memory, size_t size) {
    allocation *made;

    if (!depth)
        return INVALID_CONTEXT;
    made = malloc(sizeof(*made) + size);
    if (!made)
        return OUT_OF_MEMORY;
    *made = (allocation){(char *)(made + 1), size, stack[depth - 1], NULL};
    memset(made->begin, 0xa5, size); /* what nobody has written shows */
    *memory = (address)(uintptr_t)made->begin;
    pthread_mutex_lock(&mutex);
    made->next = allocations;
    allocations = made;
    pthread_mutex_unlock(&mutex);
    count(&seen.allocations, 1);
    count(&seen.live, 1);
    return SUCCESS;
}

EXPORT int cuMemFree_v2(address memory) {
    allocation **link = &allocations, *found;

    if (!depth)
        return INVALID_CONTEXT;
    pthread_mutex_lock(&mutex);
    while (*link && (*link)->begin != (char *)(uintptr_t)memory)
        link = &(*link)->next;
    found = *link;
    if (found)
        *link = found->next;
    pthread_mutex_unlock(&mutex);
    if (!found)
        return INVALID_VALUE;
    free(found);
    count(&seen.live, -1);
    return SUCCESS;
}

/* Whether memory, if it is device memory, belongs to a context. */
static int belongs_to(const void *memory, const context *owner) {
    const allocation *one;
    int result;

    pthread_mutex_lock(&mutex);
    for (one = allocations; one; one = one->next)
        if ((const char *)memory >= one->begin && (const char *)memory < one->begin + one->size)
            break;
    result = !one || one->owner == owner;
    pthread_mutex_unlock(&mutex);
    return result;
}

static char *start(const side *s) {
    enum { HOST = 1 };
    char *const base = s->type == HOST ? s->host : (void *)(uintptr_t)s->device;
    return base + s->y * s->pitch + s->x;
}

EXPORT int cuMemcpy2DAsync_v2(const memcpy_2d *copy, void *stream) {
    (void)stream;
    if (!depth)
        return INVALID_CONTEXT;
    if (copy->width > copy->src.pitch || copy->width > copy->dst.pitch)
        return INVALID_VALUE;
    if (!belongs_to(start(&copy->src), stack[depth - 1]) || !belongs_to(start(&copy->dst), stack[depth - 1]))
        return INVALID_VALUE;
    for (size_t y = 0; y < copy->height; y++)
        memcpy(start(&copy->dst) + y * copy->dst.pitch, start(&copy->src) + y * copy->src.pitch, copy->width);
    return SUCCESS;
}

EXPORT int cuMemcpy2D_v2(const memcpy_2d *copy) {
    return cuMemcpy2DAsync_v2(copy, NULL);
}

EXPORT int cuMemcpy3DPeerAsync(const memcpy_3d_peer *copy, void *stream) {
    const peer_side *src = &copy->src, *dst = &copy->dst;

    (void)stream;
    if (!src->context || !dst->context)
        return INVALID_CONTEXT;
    if (copy->depth != 1 || copy->width > src->pitch || copy->width > dst->pitch || copy->height > src->height ||
        copy->height > dst->height)
        return INVALID_VALUE;
    if (!belongs_to((void *)(uintptr_t)src->device, src->context) ||
        !belongs_to((void *)(uintptr_t)dst->device, dst->context))
        return INVALID_VALUE;
    for (size_t y = 0; y < copy->height; y++)
        memcpy((char *)(uintptr_t)dst->device + y * dst->pitch, (char *)(uintptr_t)src->device + y * src->pitch,
               copy->width);
    count(&seen.peer_copies, 1);
    return SUCCESS;
}

EXPORT int cuStreamSynchronize(void *stream) {
    return stream || depth ? SUCCESS : INVALID_CONTEXT;
}

EXPORT int cuStreamWaitEvent(void *stream, event *waited, unsigned flags) {
    (void)stream, (void)flags;
    count(&seen.waits, 1);
    return waited ? SUCCESS : INVALID_HANDLE;
}

EXPORT int cuEventCreate(event **made, unsigned flags) {
    (void)flags;
    if (!depth)
        return INVALID_CONTEXT;
    *made = calloc(1, sizeof(**made));
    if (!*made)
        return OUT_OF_MEMORY;
    (*made)->owner = stack[depth - 1];
    count(&seen.events, 1);
    return SUCCESS;
}

/* Event and stream belong to one context; the default stream is that of the current one. */
EXPORT int cuEventRecord(event *recorded, void *stream) {
    if (!stream && (!depth || stack[depth - 1] != recorded->owner))
        return INVALID_HANDLE;
    count(&seen.records, 1);
    return SUCCESS;
}

EXPORT int cuEventDestroy_v2(event *destroyed) {
    free(destroyed);
    count(&seen.events, -1);
    return SUCCESS;
}

/* What FFmpeg's loader asks for besides, and nobody here calls. */
#define ABSENT(name) \
    EXPORT int name(void) { return NOT_SUPPORTED; }
ABSENT(cuDriverGetVersion)
ABSENT(cuDeviceGetUuid)
ABSENT(cuDeviceComputeCapability)
ABSENT(cuDevicePrimaryCtxReset)
ABSENT(cuCtxSetLimit)
ABSENT(cuMemAllocPitch_v2)
ABSENT(cuMemAllocManaged)
ABSENT(cuMemsetD8Async)
ABSENT(cuMemcpy)
ABSENT(cuMemcpyAsync)
ABSENT(cuMemcpyHtoD_v2)
ABSENT(cuMemcpyHtoDAsync_v2)
ABSENT(cuMemcpyDtoH_v2)
ABSENT(cuMemcpyDtoHAsync_v2)
ABSENT(cuMemcpyDtoD_v2)
ABSENT(cuMemcpyDtoDAsync_v2)
ABSENT(cuStreamCreate)
ABSENT(cuStreamQuery)
ABSENT(cuStreamDestroy_v2)
ABSENT(cuStreamAddCallback)
ABSENT(cuEventSynchronize)
ABSENT(cuEventQuery)
ABSENT(cuLaunchKernel)
ABSENT(cuLinkCreate)
ABSENT(cuLinkAddData)
ABSENT(cuLinkComplete)
ABSENT(cuLinkDestroy)
ABSENT(cuModuleLoadData)
ABSENT(cuModuleUnload)
ABSENT(cuModuleGetFunction)
ABSENT(cuModuleGetGlobal)
ABSENT(cuTexObjectCreate)
ABSENT(cuTexObjectDestroy)
ABSENT(cuGLGetDevices_v2)
ABSENT(cuGraphicsGLRegisterImage)
ABSENT(cuGraphicsUnregisterResource)
ABSENT(cuGraphicsMapResources)
ABSENT(cuGraphicsUnmapResources)
ABSENT(cuGraphicsSubResourceGetMappedArray)
ABSENT(cuGraphicsResourceGetMappedPointer_v2)
ABSENT(cuArrayCreate_v2)
ABSENT(cuArray3DCreate_v2)
ABSENT(cuArrayDestroy)
