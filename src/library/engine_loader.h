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
/// @throws Error with DEBLUR_NO_ENGINE, naming the file and why it cannot be used
const deblur_engine_table &load_engine(EngineKind kind);

} // namespace deblur
