// SPDX-License-Identifier: LGPL-2.1-or-later
#include "torch/graph_network.h"

#include <algorithm>

#include <ATen/ATen.h>

#include "network/padding.h"

namespace deblur {

using torch::Tensor;

namespace {

Tensor part(const Tensor &map, const Span &rows, const Span &columns, int64_t factor) {
    return map.narrow(2, rows.begin / factor, rows.length / factor)
        .narrow(3, columns.begin / factor, columns.length / factor);
}

int64_t bytes_of(const std::vector<Tensor> &maps) {
    int64_t sum = 0;
    for (const auto &map : maps)
        sum += static_cast<int64_t>(map.nbytes());
    return sum;
}

} // namespace

GraphNetwork::GraphNetwork(const Network &network, const TensorSettings &settings,
                           const TensorOps &ops, int64_t map_budget)
    : settings_(settings), ops_(ops), runner_(network, settings.device, settings.type, ops),
      is_residual_(network.config().residual),
      centre_(static_cast<size_t>(network.config().window)), gate_(network.config().gate),
      height_(round_up(settings.height, runner_.multiple())),
      width_(round_up(settings.width, runner_.multiple())),
      inputs_(runner_.make_inputs(height_, width_)), memory_(runner_.make_memory(height_, width_)),
      head_(at::zeros({1, 3, height_, width_}, at::TensorOptions(settings.device))),
      tiles_(plan_tiles(height_, width_, runner_.multiple(), runner_.halo(),
                        [&](int64_t height, int64_t width) {
                            return map_budget == 0 ||
                                   runner_.peak_bytes(height, width) <= map_budget;
                        })) {
    if (tiles_.size() > 1)
        next_ = runner_.make_memory(height_, width_).maps;
}

int64_t GraphNetwork::peak_bytes() const {
    int64_t most = 0;
    for (const auto &tile : tiles_)
        most = std::max(most,
                        runner_.peak_bytes(tile.outer_rows.length, tile.outer_columns.length));
    return most;
}

int64_t GraphNetwork::kept_bytes() const {
    return bytes_of(inputs_) + bytes_of(memory_.maps) + bytes_of(next_) + bytes_of({head_});
}

Tensor GraphNetwork::step(const std::vector<Tensor> &window) {
    pack(window);
    compute();
    return correction_of(head_, window);
}

Tensor GraphNetwork::correction_of(const Tensor &head, const std::vector<Tensor> &window) const {
    const auto cropped = crop(head, settings_.height, settings_.width);
    const auto &frame = window[centre_];
    return ops_.gate(is_residual_ ? cropped.contiguous() : cropped - frame, frame, gate_);
}

void GraphNetwork::keep(const std::vector<Tensor> &maps) {
    for (size_t i = 0; i < maps.size(); ++i)
        memory_.maps[i].copy_(maps[i]);
    memory_.fresh.zero_();
}

void GraphNetwork::compute() {
    if (tiles_.size() == 1) {
        const auto outcome = runner_.run_recurrent(runner_.run_ahead(inputs_), memory_);
        head_.copy_(outcome.head);
        keep(outcome.kept);
        return;
    }
    for (const auto &tile : tiles_)
        compute_tile(tile);
    std::swap(memory_.maps, next_);
    memory_.fresh.zero_();
}

void GraphNetwork::compute_tile(const Tile &tile) {
    const auto cut = [&tile](const Tensor &map, int64_t factor) {
        return part(map, tile.outer_rows, tile.outer_columns, factor)
            .contiguous(at::MemoryFormat::ChannelsLast);
    };
    // From what was computed for a tile, its own part.
    const Span rows{tile.rows.begin - tile.outer_rows.begin, tile.rows.length};
    const Span columns{tile.columns.begin - tile.outer_columns.begin, tile.columns.length};
    const auto put = [&](const Tensor &from, const Tensor &to, int64_t factor) {
        part(to, tile.rows, tile.columns, factor).copy_(part(from, rows, columns, factor));
    };

    std::vector<Tensor> inputs;
    for (size_t i = 0; i < inputs_.size(); ++i)
        inputs.push_back(cut(inputs_[i], runner_.window_factor(i)));
    RunnerMemory memory;
    for (size_t i = 0; i < memory_.maps.size(); ++i)
        memory.maps.push_back(cut(memory_.maps[i], runner_.memory_factor(i)));
    memory.fresh = memory_.fresh;
    const auto outcome = runner_.run_recurrent(runner_.run_ahead(inputs), memory);
    put(outcome.head, head_, 1);
    for (size_t i = 0; i < outcome.kept.size(); ++i)
        put(outcome.kept[i], next_[i], runner_.memory_factor(i));
}

} // namespace deblur
