// Finding and loading the engine modules.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "engine/engine_api.h"

namespace deblur {

enum class EngineKind { Cpu, Torch, Cuda };

/// Where an engine is: DEBLUR_ENGINE or deblur/engine-cpu.so beside the library for the CPU's, DEBLUR_ENGINE_TORCH or
/// deblur/engine-torch.so for models that this does not know, DEBLUR_ENGINE_CUDA or deblur/engine-cuda.so for CUDA's.
std::string engine_path(EngineKind kind);

/// Loads an engine, and keeps it for good (LibTorch does not survive being unloaded).
///
/// @throws Error with DEBLUR_NO_ENGINE, naming the file and why it cannot be used, or DEBLUR_OUT_OF_MEMORY if the process
///         has too little address space left for it
const deblur_engine_table &load_engine(EngineKind kind);

/// Refuses to go on in the child of a process that has loaded an engine: of its threads and locks, fork() keeps the
/// state but not the threads.
///
/// @throws Error with DEBLUR_NO_ENGINE
void check_process();

} // namespace deblur
