/*
 * What the made-up NVIDIA driver has seen, for tests that link it.
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DEBLUR_TESTS_CUDA_DRIVER_H
#define DEBLUR_TESTS_CUDA_DRIVER_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fake_cuda {
    int allocations, live; /* of device memory: ever made, not yet freed */
    int contexts;          /* not yet destroyed, or retained */
    int pushed;            /* on the calling thread's stack */
    int events;            /* not yet destroyed */
    int records, waits;    /* calls of cuEventRecord() and cuStreamWaitEvent() */
    int peer_copies;       /* calls of cuMemcpy3DPeerAsync() */
} fake_cuda;

fake_cuda fake_cuda_seen(void);

#ifdef __cplusplus
}
#endif

#endif
