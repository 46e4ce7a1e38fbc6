// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/cpu_tiles.h"

#include <algorithm>

#include "inference/cpu_model.h"

namespace deblur {

namespace {

cpu::Part part_of(const Span &rows, const Span &columns) {
    return {static_cast<int>(rows.begin), static_cast<int>(columns.begin), static_cast<int>(rows.length),
            static_cast<int>(columns.length)};
}

// A part of one picture becomes a part of another.
void copy(const Image &from, const cpu::Part &part, const Image &to, const cpu::Part &place) {
    for (int channel = 0; channel < from.channels(); ++channel)
        for (int y = 0; y < part.height; ++y)
            std::copy_n(from.row(channel, part.y + y) + part.x, part.width, to.row(channel, place.y + y) + place.x);
}

} // namespace

CpuTiles::CpuTiles(const Graph &graph, const cpu::Parameters &parameters, const cpu::PipelineOptions &options,
                   int64_t halo, TileSize size)
    : height_(options.height), width_(options.width),
      tiles_(plan_tiles(height_, width_, options.multiple, halo, [&](int64_t height, int64_t width) {
          return height * width <= (size.height + 2 * halo) * (size.width + 2 * halo);
      })) {
    if (tiles_.size() == 1)
        return;
    for (const auto &tile : tiles_) {
        outer_height_ = std::max(outer_height_, tile.outer_rows.length);
        outer_width_ = std::max(outer_width_, tile.outer_columns.length);
    }
    auto of_a_tile = options;
    of_a_tile.height = static_cast<int>(outer_height_);
    of_a_tile.width = static_cast<int>(outer_width_);
    pipeline_ = std::make_unique<cpu::Pipeline>(graph, parameters, of_a_tile);
    for (int i = 0; i < options.planes / 3; ++i)
        frames_.emplace_back(3, of_a_tile.height, of_a_tile.width);
    correction_ = pipeline_->make_head();
}

std::vector<Tile> CpuTiles::choose(const Image &counts, int64_t reach) const {
    std::vector<Tile> chosen;
    for (const auto &tile : tiles_) {
        const int64_t top = std::max<int64_t>(tile.rows.begin - reach, 0);
        const int64_t left = std::max<int64_t>(tile.columns.begin - reach, 0);
        const int64_t bottom = std::min(tile.rows.end() + reach, height_);
        const int64_t right = std::min(tile.columns.end() + reach, width_);
        const auto counts_in_row = [&](int64_t y) {
            const float *const row = counts.row(0, static_cast<int>(y));
            return std::any_of(row + left, row + right, [](float value) { return value != 0; });
        };
        bool is_chosen = false;
        for (int64_t y = top; y < bottom && !is_chosen; ++y)
            is_chosen = counts_in_row(y);
        if (is_chosen)
            chosen.push_back(tile);
    }
    const auto work = static_cast<int64_t>(chosen.size()) * outer_height_ * outer_width_;
    return work < height_ * width_ ? chosen : tiles_;
}

// All tiles are computed at one size, so those at the frame's edges see more of it than they need.
cpu::Part CpuTiles::outer(const Tile &tile) const {
    return part_of({std::min(tile.outer_rows.begin, height_ - outer_height_), outer_height_},
                   {std::min(tile.outer_columns.begin, width_ - outer_width_), outer_width_});
}

void CpuTiles::step(const std::vector<Tile> &tiles, cpu::Pipeline &whole, const std::vector<Image> &frames,
                    const Image &correction) {
    const cpu::Part all = part_of({0, outer_height_}, {0, outer_width_});
    std::vector<const float *> planes;
    for (const auto &frame : frames_)
        add_planes(frame, planes);
    std::vector<std::vector<char>> states; // each tile's next one, while others still need the last

    std::fill_n(correction.data(), correction.size(), 0.0f);
    for (const auto &tile : tiles) {
        const auto seen = outer(tile), own = part_of(tile.rows, tile.columns);
        const cpu::Part inner{own.y - seen.y, own.x - seen.x, own.height, own.width};
        for (size_t i = 0; i < frames.size(); ++i)
            copy(frames[i], seen, frames_[i], all);
        pipeline_->set_state(all, whole.state(seen));
        pipeline_->step(planes, correction_);
        copy(correction_, inner, correction, own);
        states.push_back(pipeline_->state(inner));
    }
    for (size_t i = 0; i < tiles.size(); ++i)
        whole.set_state(part_of(tiles[i].rows, tiles[i].columns), states[i]);
}

} // namespace deblur
