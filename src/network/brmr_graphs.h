// Lin et al. 2019 (brmr.h) as graphs.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "network/graph.h"

namespace deblur {

/// iGAN, or pGAN.
enum class BrmrPart { Image, Patch };

/// Pixels that the sides of a generator's pictures are multiples of: it goes down to one of 256, or of 128.
int generator_multiple(BrmrPart part);

constexpr int kDiscriminatorMultiple = 16; ///< the same, or conv4 has nothing to see in small pictures

/// Of the window in [-1,1]: the correction, or if the configuration is not residual the picture in (-1,1).
Graph generator_graph(const NetworkConfig &config, BrmrPart part);

/// Of the middle frame and the picture in [-1,1], and how each neighbour differs from the middle frame (times 8): the
/// features that a verdict is made of.
Graph discriminator_graph(const NetworkConfig &config, BrmrPart part);

/// w^s and w^b, 2 x the features' channels.
std::string discriminator_head(BrmrPart part);
void add_discriminator_head(const NetworkConfig &config, BrmrPart part, Shapes &shapes);

} // namespace deblur
