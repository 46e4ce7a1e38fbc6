// One convolution, planned for strips of a fixed size.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <vector>

#include "inference/cpu/rows.h"
#include "network/graph.h"

namespace deblur::cpu {

/// Weights (out x in x kernel x kernel) and biases in float32.
struct Kernel {
    int out, in, size;
    std::vector<float> weights, biases;
};

/// A strip: what goes in and out of one call.
struct Strip {
    int in_width, out_width;
    int out_rows; ///< from (out_rows - 1) * stride + kernel rows of input
    int stride;
    int left; ///< zero columns before the first; above and below, zeros are part of the input
};

/// The smallest and largest sample that a convolution's input is expected to have.
struct Range {
    float low, high;
};

/// dst = activation(conv(src) + dst?). Dense rows with the channels innermost, on both sides.
class Convolution {
  public:
    /// What the samples of src and dst stand for.
    struct Scales {
        float src = 1, dst = 1; ///< sample = scale * code, for 8-bit maps
    };

    /// Lays out the weights; for an 8-bit src as 8-bit integers, with a scale for each output channel. dst
    /// may be 8-bit, too, if nothing is added and the activation is none or ReLU.
    ///
    /// @param range of the samples of a float32 src, to multiply them as 8-bit codes where that is faster; or null
    /// @throws std::runtime_error if oneDNN has no way to compute it
    Convolution(const Kernel &kernel, const Strip &strip, Element src, Element dst, Scales scales,
                bool add, Activation activation, const Range *range = nullptr);
    ~Convolution();

    /// Computes one strip in the calling thread. Several threads may do so at once.
    /// @param rows of the output that count, at most those of the strip; others may be written, and depend on what is
    ///             below the input of those that count
    void run(const void *src, void *dst, int rows) const;

    class Way;

  private:
    std::unique_ptr<const Way> way_;
};

} // namespace deblur::cpu
