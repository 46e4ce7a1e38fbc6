// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/gate.h"

#include <vector>

#include <ATen/ATen.h>
#include <torch/nn/functional/activation.h>

namespace deblur {

namespace {

using torch::Tensor;

// An image that can be looked at beside each of its pixels.
class Surrounded {
  public:
    explicit Surrounded(const Tensor &x)
        : height_(x.size(2)), width_(x.size(3)),
          padded_(at::replication_pad2d(x, {kGateSpan, kGateSpan, kGateSpan, kGateSpan})) {}

    Tensor at_offset(int64_t dy, int64_t dx) const {
        return padded_.narrow(2, kGateSpan + dy, height_).narrow(3, kGateSpan + dx, width_);
    }

    Tensor laplacian() const {
        return at_offset(-1, 0) + at_offset(1, 0) + at_offset(0, -1) + at_offset(0, 1) - 4 * at_offset(0, 0);
    }

    // Over so many pixels to each side, in every direction.
    void add_squared_differences(int64_t distance, std::vector<Tensor> &to) const {
        for (int i = 0; i < 4; ++i) {
            const auto [x, y] = gate_direction(i);
            to.push_back((at_offset(y * distance, x * distance) - at_offset(-y * distance, -x * distance)).square());
        }
    }

  private:
    int64_t height_, width_;
    Tensor padded_;
};

// N x kGateMeasures x H x W, of single pixels.
Tensor gate_measures(const Tensor &correction, const Tensor &frame) {
    const auto gray_correction = correction.mean(1, true);
    const Surrounded gray(frame.mean(1, true)), change(gray_correction);
    const auto laplacian = gray.laplacian();
    std::vector<Tensor> measures{correction.square().mean(1, true), laplacian.square(), gray_correction * laplacian};
    change.add_squared_differences(1, measures);
    gray.add_squared_differences(1, measures);
    gray.add_squared_differences(2, measures);
    return at::cat(measures, 1);
}

// gate_trust(), of N x kGateFeatures x rows x columns.
Tensor trust(const Tensor &features, const GateDecision &decision) {
    const auto layer = [&](const Tensor &x, const float *weight, const float *bias, int64_t outputs) {
        const auto tensor = [&](const float *from, at::IntArrayRef sizes) {
            return at::from_blob(const_cast<float *>(from), sizes, at::kFloat).to(x.device());
        };
        return at::conv2d(x, tensor(weight, {outputs, x.size(1), 1, 1}), tensor(bias, {outputs}));
    };
    const auto sums = layer(features, decision.hidden[0], decision.hidden_bias, kGateHidden);
    return layer(torch::nn::functional::softsign(sums), decision.output, &decision.output_bias, 1).sigmoid();
}

} // namespace

Tensor mean_around_blocks(const Tensor &values) {
    constexpr int64_t side = 2 * kGateReach + 1;
    // Borders count what is there.
    const auto blocks = at::avg_pool2d(values, {kGateBlock, kGateBlock}, {kGateBlock, kGateBlock}, {0, 0}, true, false);
    const auto rows = at::avg_pool2d(blocks, {1, side}, {1, 1}, {0, kGateReach}, false, false);
    return at::avg_pool2d(rows, {side, 1}, {1, 1}, {kGateReach, 0}, false, false);
}

Tensor gate_features(const Tensor &correction, const Tensor &frame) {
    const auto means = mean_around_blocks(gate_measures(correction, frame));
    const auto part = [&](int64_t begin, int64_t count) { return means.narrow(1, begin, count); };
    const auto change = part(kChange, 1), detail = part(kDetail, 1);
    const auto correction_near = part(kCorrectionNear, 4), near = part(kNear, 4), far = part(kFar, 4);
    const auto mean_near = near.mean(1, true), mean_correction = correction_near.mean(1, true);
    const auto growth = ((far + kGateFloor) / (near + kGateFloor)).log() / 2;
    const auto across = [](const Tensor &x, int64_t first) { return x.narrow(1, first, 1) - x.narrow(1, first + 1, 1); };
    const auto along = across(near, 0) * across(correction_near, 0) + across(near, 2) * across(correction_near, 2) / 4;
    return at::cat({((change + kGateChangeFloor) / (detail + kGateFloor)).log() / 2,
                    part(kCross, 1) / ((change * detail).sqrt() + 1e-6),
                    ((detail + kGateFloor) / (mean_near + kGateFloor)).log() / 2,
                    along / (4 * mean_near * mean_correction + 1e-12),
                    growth.amax(1, true), growth.amin(1, true)},
                   1);
}

Tensor gated(const Tensor &correction, const Tensor &frame, const Gate &gate) {
    if (!gate.decision)
        return gate.gain == 1 ? correction : correction * gate.gain;
    const auto strength = gate.gain * trust(gate_features(correction, frame), *gate.decision);
    const auto smooth =
        at::upsample_bilinear2d(strength, {strength.size(2) * kGateBlock, strength.size(3) * kGateBlock}, false);
    return correction * smooth.narrow(2, 0, frame.size(2)).narrow(3, 0, frame.size(3));
}

} // namespace deblur
