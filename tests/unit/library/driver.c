/*
 * An NVIDIA driver with one GPU, which FAKE_GPU names; or, if that is a number, with that error.
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdio.h>
#include <stdlib.h>

#define EXPORT __attribute__((visibility("default")))

EXPORT int cuInit(unsigned flags) {
    const char *gpu = getenv("FAKE_GPU");

    (void)flags;
    return gpu ? atoi(gpu) : 100;
}

EXPORT int cuGetErrorString(int error, const char **text) {
    static char line[32];

    snprintf(line, sizeof(line), "error text %d", error);
    *text = line;
    return 0;
}

EXPORT int cuDeviceGetCount(int *count) {
    *count = 1;
    return 0;
}

EXPORT int cuDeviceGetName(char *name, int size, int device) {
    (void)device;
    snprintf(name, size, "%s", getenv("FAKE_GPU"));
    return 0;
}
