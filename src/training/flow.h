// Dense motion between two frames, and how steady a clip is along it. Everything takes N frames at a time, N x 3 x H x W in
// [0,1], with what was before each of them, of the same size.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <torch/types.h>

namespace deblur {

/// Estimates, for every pixel p of frame, where it was in previous: previous(p + flow(p)) is about
/// frame(p). Iterated least squares on a pyramid (Lucas and Kanade 1981; Bouguet 2000) on luma,
/// dense and coarse to fine, with a median filter on the motion of every level. Meant for
/// measuring: it follows several pixels a frame, and is smooth across motion boundaries.
///
/// @return N x 2 x H x W: motion to the right and downwards, pixels
torch::Tensor estimate_flow(const torch::Tensor &frame, const torch::Tensor &previous);

/// picture(p + flow(p)) by bilinear interpolation; beyond its border the picture is repeated.
///
/// @param picture  N x C x H x W
/// @param flow     N x 2 x H x W, pixels
torch::Tensor warp(const torch::Tensor &picture, const torch::Tensor &flow);

/// How the true clip moves.
struct TrueMotion {
    torch::Tensor flow;    ///< estimate_flow() of the sharp frames
    torch::Tensor visible; ///< N x 1 x H x W, bool: where the flow explains the sharp frame
};

TrueMotion true_motion(const torch::Tensor &sharp, const torch::Tensor &previous);

/// The warping error of Lai et al., "Learning Blind Video Temporal Consistency", ECCV 2018: the
/// mean squared difference, over visible pixels, between a frame and the one before it moved to its
/// place. Flicker raises it; so does detail, which is why it is to be set in relation to the sharp
/// clip's.
double warping_error(const torch::Tensor &frame, const torch::Tensor &previous,
                     const TrueMotion &motion);

/// tOF of Chu et al., "Learning Temporal Coherence via Self-Supervision", TOG 2020: the mean
/// distance in pixels between the motion seen in a clip and the motion in the sharp one.
double motion_error(const torch::Tensor &frame, const torch::Tensor &previous,
                    const TrueMotion &motion);

} // namespace deblur
