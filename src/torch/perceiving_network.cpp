// SPDX-License-Identifier: LGPL-2.1-or-later
#include "torch/perceiving_network.h"

#include <ATen/ATen.h>

#include "network/padding.h"
#include "network/perception.h"

namespace deblur {

torch::Tensor PerceivingNetwork::step(const std::vector<torch::Tensor> &window) {
    const auto frames = at::cat(window, 1).contiguous(at::MemoryFormat::ChannelsLast);
    map_ = crop(network_->perceive(pad_to_multiple(frames, network_->size_multiple())), frames.size(2), frames.size(3)).contiguous();
    const auto gate = local_gate(map_);
    if (gate.any().item<bool>())
        return inner_->step(window) * gate;
    inner_->reset();
    return at::zeros_like(window[window.size() / 2]);
}

} // namespace deblur
