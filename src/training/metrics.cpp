// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/metrics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <ATen/ATen.h>

namespace deblur {

namespace {

constexpr int64_t kWindow = 11;
constexpr double kSigma = 1.5;
constexpr double kC1 = 0.01 * 0.01, kC2 = 0.03 * 0.03;

// float32 would not do for SSIM: its variances are small differences of squares.
torch::Tensor samples(const torch::Tensor &frame) {
    return round_to_8_bits(frame).to(at::kCPU, at::kDouble);
}

torch::Tensor gaussian() {
    const auto x = at::arange(kWindow, at::kDouble) - (kWindow - 1) / 2;
    const auto weights = at::exp(x.square() / (-2 * kSigma * kSigma));
    return weights / weights.sum();
}

// The local mean under the window, where it fits: N x 1 x H x W to N x 1 x (H - 10) x (W - 10).
torch::Tensor local_mean(const torch::Tensor &x, const torch::Tensor &weights) {
    return at::conv2d(at::conv2d(x, weights.view({1, 1, kWindow, 1})),
                      weights.view({1, 1, 1, kWindow}));
}

} // namespace

torch::Tensor round_to_8_bits(const torch::Tensor &frame) {
    return frame.clamp(0, 1).mul(255).round().div(255);
}

double psnr(const torch::Tensor &a, const torch::Tensor &b) {
    const auto difference = samples(a) - samples(b);
    const double error = difference.square().mean().item<double>();
    if (std::isnan(error))
        return -std::numeric_limits<double>::infinity();
    return std::min(kIdenticalPsnr, -10 * std::log10(error));
}

double ssim(const torch::Tensor &a, const torch::Tensor &b) {
    if (a.size(1) < kWindow || a.size(2) < kWindow)
        throw std::invalid_argument("SSIM needs frames of at least 11 x 11 pixels");
    const auto weights = gaussian();
    const auto x = samples(a).unsqueeze(1);
    const auto y = samples(b).unsqueeze(1);
    const auto mean_x = local_mean(x, weights), mean_y = local_mean(y, weights);
    const auto variance_x = local_mean(x * x, weights) - mean_x * mean_x;
    const auto variance_y = local_mean(y * y, weights) - mean_y * mean_y;
    const auto covariance = local_mean(x * y, weights) - mean_x * mean_y;
    const auto similarity =
        (2 * mean_x * mean_y + kC1) * (2 * covariance + kC2) /
        ((mean_x * mean_x + mean_y * mean_y + kC1) * (variance_x + variance_y + kC2));
    const double mean = similarity.mean().item<double>();
    return std::isnan(mean) ? -1 : mean;
}

} // namespace deblur
