// What the process may still have of threads and address space, asked before libraries need it that end the process if
// they do not get it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "library/engine_loader.h"
#include "library/log.h"

namespace deblur {

/// Threads for the computation on the CPU: one per core for 0, at most kThreadsPerCore for each, of which the log is told.
int resolve_threads(int threads, Log &log);

constexpr int kThreadsPerCore = 4;

/// Starts as many threads as a stream that computes with so many may have, and ends them again: those of OpenMP, those of
/// LibTorch's own pool, which waits for ever for what it does not get, and the stream's.
///
/// @throws Error with DEBLUR_FAILURE, naming how many the system allows, if it does not allow so many
void check_threads(int threads);

/// Address space that an engine takes before it restores anything, bytes.
constexpr unsigned long kCpuEngineSpace = 512UL << 20, kTorchEngineSpace = 1UL << 30, kCudaEngineSpace = 32UL << 30;

/// Compares what RLIMIT_AS leaves of the address space with what an engine needs.
///
/// @throws Error with DEBLUR_OUT_OF_MEMORY, naming both
void check_address_space(EngineKind kind);

} // namespace deblur
