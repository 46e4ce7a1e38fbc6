// SPDX-License-Identifier: LGPL-2.1-or-later
#include "torch/torch_network.h"

#include <ATen/ATen.h>

#include "network/padding.h"

namespace deblur {

torch::Tensor TorchNetwork::step(const std::vector<torch::Tensor> &window) {
    const auto frames = at::cat(window, 1).contiguous(at::MemoryFormat::ChannelsLast);
    auto result = network_->step(pad_to_multiple(frames, network_->size_multiple()), state_);
    state_ = std::move(result.state);
    if (result.map.defined())
        map_ = crop(result.map, frames.size(2), frames.size(3)).contiguous();
    return ops_->gate(crop(result.correction, frames.size(2), frames.size(3)).contiguous(), window[window.size() / 2],
                      network_->config().gate);
}

} // namespace deblur
