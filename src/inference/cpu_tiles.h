// The parts of a frame that are worth computing, where not all of it is.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <vector>

#include "inference/cpu/pipeline.h"
#include "inference/tiles.h"

namespace deblur {

/// Pixels a side of what a tile owns, about: smaller ones compute more of their surroundings than of themselves.
struct TileSize {
    int64_t height = 240, width = 320;
};

/// Steps of a pipeline for some tiles of its frames; elsewhere the correction is zero and the state stays. What a tile gets
/// is what the whole frame would give it, but for the order of sums.
class CpuTiles {
  public:
    /// @param parameters only read here
    /// @param options    of the pipeline for whole frames, whose sides are multiples of options.multiple
    /// @param halo       receptive_halo()
    CpuTiles(const Graph &graph, const cpu::Parameters &parameters, const cpu::PipelineOptions &options, int64_t halo,
             TileSize size = {});

    /// Tiles with a place that counts, or that is at most reach pixels away; all of them, if those take as long.
    ///
    /// @param counts 1 x height x width, not zero where it does
    std::vector<Tile> choose(const Image &counts, int64_t reach) const;
    bool is_whole(const std::vector<Tile> &tiles) const { return tiles.size() == tiles_.size(); }

    /// @param whole      has the state, and takes the next one; it has made a step before
    /// @param frames     of the window, 3 x height x width each
    /// @param correction of the same kind
    void step(const std::vector<Tile> &tiles, cpu::Pipeline &whole, const std::vector<Image> &frames,
              const Image &correction);

    size_t bytes() const { return pipeline_ ? pipeline_->bytes() : 0; } ///< of feature maps

  private:
    cpu::Part outer(const Tile &tile) const;

    int64_t height_, width_;
    std::vector<Tile> tiles_;
    int64_t outer_height_ = 0, outer_width_ = 0; // of every tile
    std::unique_ptr<cpu::Pipeline> pipeline_;    // of that size; none if there is but one tile
    std::vector<Image> frames_;
    Image correction_;
};

} // namespace deblur
