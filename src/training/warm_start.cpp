// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/warm_start.h"

#include <algorithm>

#include <ATen/ATen.h>

namespace deblur {

namespace {

// Every architecture takes its window in one layer, frames after each other in its input channels.
constexpr const char *kWindowLayer = "stem.weight";

} // namespace

void warm_start(Network &network, TensorMap tensors, int window) {
    const auto found = tensors.find(kWindowLayer);
    const int wanted = network.config().window;
    if (found != tensors.end() && window != wanted) {
        const auto &old = found->second;
        const int64_t per_frame = old.size(1) / (2 * window + 1);
        auto sizes = old.sizes().vec();
        sizes[1] = per_frame * network.window_frames();
        auto adapted = at::zeros(sizes, old.options());
        const int64_t shared = std::min(window, wanted);
        const int64_t count = per_frame * (2 * shared + 1);
        adapted.narrow(1, per_frame * (wanted - shared), count)
            .copy_(old.narrow(1, per_frame * (window - shared), count));
        found->second = adapted;
    }
    load_parameters(network, tensors);
}

} // namespace deblur
