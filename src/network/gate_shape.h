// What a gate is, for those who compute it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace deblur {

/// What blur looks like to a network: much to correct, and little detail. In a sharp picture it is the other way
/// round, and what the network would do there is mostly wrong. (Ours; not in the papers.)
struct Gate {
    double gain = 1;      ///< of the correction where it is trusted, above 0 to 2
    double threshold = 0; ///< ratio at which half of that is left, 0 to 10; 0 trusts everything
};

constexpr int kGateBlock = 8;       ///< pixels a side of what is summed up first
constexpr int kGateReach = 8;       ///< blocks on each side of a block that count as its surroundings
constexpr double kGateFloor = 1e-4; ///< of the detail's mean square: noise of 2.5 codes at 8 bits

/// Pixels around one on which its gate depends, at most: those of the blocks that its strength lies between.
constexpr int kGateHalo = (kGateReach + 2) * kGateBlock;

} // namespace deblur
