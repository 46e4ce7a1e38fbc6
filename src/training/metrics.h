// How close a restored frame is to the sharp one.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <torch/types.h>

namespace deblur {

/// The frame as it would be stored in 8 bits: clamped to [0,1], rounded to steps of 1/255. Metrics
/// of pictures are taken of these.
torch::Tensor round_to_8_bits(const torch::Tensor &frame);

/// Peak signal-to-noise ratio in decibels over all samples of two frames, after round_to_8_bits();
/// capped at kIdenticalPsnr; minus infinity if a frame has samples that are not numbers.
///
/// @param a, b  3 x H x W, float, RGB in [0,1]
double psnr(const torch::Tensor &a, const torch::Tensor &b);

/// What psnr() returns for equal frames, and for less than one sample in 150,000 off by one.
constexpr double kIdenticalPsnr = 100;

/// The PSNR above which nobody sees a difference, decibels: clips that are sharp already count up to it in a mean that
/// chooses weights.
constexpr double kInvisiblePsnr = 50;

/// Structural similarity, -1 to 1, of RGB frames after round_to_8_bits(): the mean over channels
/// and positions of Wang et al., "Image Quality Assessment", IEEE TIP 2004, Eq. 13, with a Gaussian
/// window of 11 x 11 and sigma 1.5, K1 = 0.01, K2 = 0.03, population statistics, and without the 5
/// pixels at each border, where the window does not fit. This is scikit-image's
/// structural_similarity(gaussian_weights=True, use_sample_covariance=False, data_range=1). -1 if a frame has samples
/// that are not numbers.
///
/// @param a, b  3 x H x W, float, RGB in [0,1], at least 11 x 11
/// @throws std::invalid_argument if a frame is smaller
double ssim(const torch::Tensor &a, const torch::Tensor &b);

} // namespace deblur
