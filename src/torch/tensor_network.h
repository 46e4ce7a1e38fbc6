// Networks at work in LibTorch's tensors.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include <torch/types.h>

#include "network/network.h"

namespace deblur {

/// InferenceNetwork in tensors: one frame size, and the recurrent state between the steps.
///
/// What is computed is network/'s; how, and where state and buffers lie, is each implementation's.
/// Used by one thread at a time.
class TensorNetwork {
  public:
    virtual ~TensorNetwork() = default;

    /// One time step.
    ///
    /// @param window <B_{n-m} .. B_{n+m}>, oldest first: 2m+1 frames of 1 x 3 x height x width,
    ///               float32, contiguous, RGB in [0,1], on the network's device
    /// @return L_n - B_n of the same kind, through the network's gate, not clamped; overwritten by the next step
    virtual torch::Tensor step(const std::vector<torch::Tensor> &window) = 0;

    /// Forgets the past: the next step begins a sequence (F_0 = 0, h~_0 = h_0).
    virtual void reset() = 0;

    /// 1 x 1 x height x width in [0,1]: the map of the last step; undefined if the network has none.
    virtual torch::Tensor map() const { return {}; }

    /// Devices that compute while the caller goes on: what it computes next waits for the last step.
    virtual void wait() {}
};

/// Where, how and for which frames a network is to work.
struct TensorSettings {
    at::Device device = at::kCPU;
    at::ScalarType type = at::kFloat; ///< of activations and state; kChar: 8-bit products (CPU)
    int64_t height = 0, width = 0;    ///< of the frames; any, padded inside as the network needs
    int threads = 1;                  ///< on the CPU
    int passes = kDefaultPasses;      ///< see Network::set_passes()
    NetworkPtr refiner = nullptr;     ///< what refines its pictures, see RefinementStage; nullptr: nothing does
    int refine = 0;                   ///< windows that it refines at most
    float focus = 0;                  ///< share of the correction that is multiplied by the map
    int64_t memory = 0;               ///< bytes that the maps of a step may take on a GPU; 0: what is free
};

} // namespace deblur
