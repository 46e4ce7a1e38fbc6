// The operations that a graph's nodes come down to, for GraphRunner.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include <torch/types.h>

#include "network/gate.h"
#include "network/graph.h"

namespace deblur {

/// A convolution's parameters in the type and layout in which it computes.
struct ConvParameters {
    torch::Tensor weight; ///< out x in x kernel x kernel, channels last
    torch::Tensor bias;   ///< out
    int64_t stride = 1, padding = 0;
};

/// LibTorch's own operations, on any device; a device's fast ones override them. Maps are
/// 1 x channels x height x width, channels last.
class TensorOps {
  public:
    virtual ~TensorOps() = default;

    /// Writes pixel_unshuffle(cat(frames), factor) into the first channels of out.
    ///
    /// @param frames   1 x 3 x h x w each, float32, contiguous
    /// @param multiple to which their sides are padded by reflection
    virtual void pack_window(const std::vector<torch::Tensor> &frames, int64_t multiple,
                             int64_t factor, torch::Tensor &out) const;

    /// activation(conv(x) + plus), plus may be undefined.
    virtual torch::Tensor conv(const torch::Tensor &x, const ConvParameters &parameters,
                               Activation activation, const torch::Tensor &plus) const;

    /// Eqs. 2 and 3 after the convolution: w h_n + (1 - w) h~_{n-1} with
    /// w = min(1, |tanh(difference)| + max(beta, fresh)).
    ///
    /// @param beta  a float32 on the device, clamped to [0,1]
    /// @param fresh a float32 on the device: 1 in the first step of a sequence, else 0
    virtual torch::Tensor blend(const torch::Tensor &difference, const torch::Tensor &beta,
                                const torch::Tensor &fresh, const torch::Tensor &current,
                                const torch::Tensor &previous) const;

    /// gated(); frame is contiguous.
    virtual torch::Tensor gate(const torch::Tensor &correction, const torch::Tensor &frame,
                               const Gate &gate) const {
        return gated(correction, frame, gate);
    }
};

} // namespace deblur
