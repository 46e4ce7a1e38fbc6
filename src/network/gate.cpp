// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/gate.h"

#include <ATen/ATen.h>

namespace deblur {

namespace {

torch::Tensor laplacian(const torch::Tensor &x) {
    const int64_t height = x.size(2), width = x.size(3);
    const auto padded = at::replication_pad2d(x, {1, 1, 1, 1});
    const auto at_offset = [&](int64_t dy, int64_t dx) {
        return padded.narrow(2, 1 + dy, height).narrow(3, 1 + dx, width);
    };
    return at_offset(-1, 0) + at_offset(1, 0) + at_offset(0, -1) + at_offset(0, 1) - 4 * x;
}

// Of squares: in blocks, then over the blocks around each. Borders count what is there.
torch::Tensor mean_around(const torch::Tensor &squares) {
    constexpr int64_t side = 2 * kGateReach + 1;
    const auto blocks =
        at::avg_pool2d(squares, {kGateBlock, kGateBlock}, {kGateBlock, kGateBlock}, {0, 0}, true, false);
    const auto rows = at::avg_pool2d(blocks, {1, side}, {1, 1}, {0, kGateReach}, false, false);
    return at::avg_pool2d(rows, {side, 1}, {1, 1}, {kGateReach, 0}, false, false);
}

} // namespace

torch::Tensor gated(const torch::Tensor &correction, const torch::Tensor &frame, const Gate &gate) {
    if (gate.threshold <= 0)
        return gate.gain == 1 ? correction : correction * gate.gain;
    const auto change = mean_around(correction.square().mean(1, true));
    const auto detail = mean_around(laplacian(frame.mean(1, true)).square());
    const auto fourth_power = (change / (detail + kGateFloor)).square();
    const double threshold = gate.threshold * gate.threshold * gate.threshold * gate.threshold;
    const auto strength = gate.gain * fourth_power / (fourth_power + threshold);
    const auto smooth = at::upsample_bilinear2d(
        strength, {strength.size(2) * kGateBlock, strength.size(3) * kGateBlock}, false);
    return correction * smooth.narrow(2, 0, frame.size(2)).narrow(3, 0, frame.size(3));
}

} // namespace deblur
