// The gate of network/gate.h, in two passes over the rows.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <vector>

#include "network/gate_shape.h"

namespace deblur::cpu {

/// deblur::gated() for one size of frames, in place, with the calling thread's threads (threads.h).
class CorrectionGate {
  public:
    CorrectionGate(const Gate &gate, int height, int width);

    /// @param frame      three planes of height x width float32, RGB in [0,1]
    /// @param correction as many; overwritten
    void apply(const float *frame, float *correction);

  private:
    void measure_blocks(int block_row, const float *frame, const float *correction);
    void sum_rows(int block_row);
    void find_strengths(int block_row);
    void scale_rows(int block_row, float *correction) const;

    size_t first_block(int block_row) const;

    Gate gate_;
    int height_, width_, block_rows_, block_columns_;
    std::vector<GateMeasures> measures_; // of blocks
    std::vector<GateMeasures> row_sums_; // over the blocks beside each
    std::vector<float> strength_;        // one block more on each side of a row
};

} // namespace deblur::cpu
