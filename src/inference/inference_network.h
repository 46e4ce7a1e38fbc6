// The interface between a stream's restoration and what computes the network's steps.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "base/image.h"
#include "network/model.h"

namespace deblur {

/// A network at work on one stream: one frame size, and the recurrent state between the steps.
///
/// What is computed is network/'s; how, and where state and buffers lie, is each implementation's.
/// Used by one thread at a time.
class InferenceNetwork {
  public:
    virtual ~InferenceNetwork() = default;

    /// One time step.
    ///
    /// @param window <B_{n-m} .. B_{n+m}>, oldest first: 2m+1 frames of 3 x height x width, RGB in [0,1], in the memory of
    ///               the network's device
    /// @return L_n - B_n of the same kind, through the network's gate, not clamped; overwritten by the next step
    virtual Image step(const std::vector<Image> &window) = 0;

    /// Forgets the past: the next step begins a sequence (F_0 = 0, h~_0 = h_0).
    virtual void reset() = 0;

    /// 1 x height x width in [0,1]: the map of the last step; empty if the network has none.
    virtual Image map() const { return {}; }

    /// Devices that compute while the caller goes on: what it computes next waits for the last step.
    virtual void wait() {}
};

/// Of activations and state. Int8: where it pays, products of 8-bit integers.
enum class Precision { Float32, BFloat16, Float16, Int8 };

/// How and for which frames a network is to work.
struct InferenceSettings {
    Precision precision = Precision::Float32;
    int height = 0, width = 0; ///< of the frames; any, padded inside as the network needs
    int threads = 1;           ///< on the CPU
    int passes = kDefaultPasses; ///< windows of a frame that a network with refines_regions() refines at most
    ModelPtr refiner = nullptr; ///< what refines its pictures; nullptr: nothing does
    int refine = 0;             ///< windows that it refines at most
    float focus = 0;            ///< share of the correction that is multiplied by the map
    int64_t memory = 0;         ///< bytes that the maps of a step may take on a GPU; 0: what is free
};

} // namespace deblur
