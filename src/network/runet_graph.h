// A recurrent U-Net as a graph; recurrent_unet.h has the module.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "network/graph.h"

namespace deblur {

/// Channels of the levels, and how many residual blocks they have. The quarter's encoder and the half's decoder have one.
struct RecurrentUnetSize {
    int half, quarter, eighth; ///< channels
    int feature;               ///< channels of F_n, a multiple of 16
    int quarter_decoder;       ///< blocks
    int trunk;                 ///< blocks at an eighth, before the state joins and behind it
};

/// The two sizes: 58.9 and 25.3 kMAC per pixel with m = 1.
inline constexpr RecurrentUnetSize kRecurrentUnet{24, 64, 128, 64, 3, 3};
inline constexpr RecurrentUnetSize kRecurrentUnetFast{16, 48, 96, 48, 2, 2};

constexpr int kRunetHead = 12; ///< a pixel of half the resolution: 2 x 2 pixels of 3 colours
constexpr int kRunetShift =
    2; ///< cells of 8 pixels; the 3x3 convolution that follows reaches one more

Graph runet_graph(const NetworkConfig &config, const RecurrentUnetSize &size);

/// Shapes of the heads that only training computes.
void add_training_heads(const RecurrentUnetSize &size, Shapes &shapes);

} // namespace deblur
