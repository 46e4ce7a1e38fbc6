// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/dense_flow.h"

#include <stdexcept>

#include <ATen/ATen.h>

#ifdef DEBLUR_HAVE_OPENCV
#include <opencv2/video/tracking.hpp>
#endif

#include "training/flow.h"

namespace deblur {

namespace {

// How the pixels of frame move to those of other: 1 x 2 x H x W.
torch::Tensor dis_flow(const torch::Tensor &frame, const torch::Tensor &other) {
#ifdef DEBLUR_HAVE_OPENCV
    const auto gray = [](const torch::Tensor &x) {
        return x.to(at::kFloat).mean(0).round().to(at::kByte).contiguous();
    };
    const auto a = gray(frame), b = gray(other);
    const auto height = static_cast<int>(a.size(0)), width = static_cast<int>(a.size(1));
    const cv::Mat from(height, width, CV_8UC1, a.data_ptr()),
        to(height, width, CV_8UC1, b.data_ptr());
    cv::Mat flow;
    cv::DISOpticalFlow::create(cv::DISOpticalFlow::PRESET_MEDIUM)->calc(from, to, flow);
    return at::from_blob(flow.data, {height, width, 2}, at::kFloat)
        .permute({2, 0, 1})
        .unsqueeze(0)
        .contiguous();
#else
    (void)frame, (void)other;
    throw std::runtime_error(
        "motion of real video needs a build with OpenCV (libopencv-video-dev)");
#endif
}

} // namespace

FlowPair::FlowPair(const torch::Tensor &first, const torch::Tensor &second)
    : first_(first.unsqueeze(0).to(at::kFloat).div(255)),
      second_(second.unsqueeze(0).to(at::kFloat).div(255)), forward_(dis_flow(first, second)),
      backward_(dis_flow(second, first)) {}

torch::Tensor FlowPair::at(double t) const {
    const auto to_first = -(1 - t) * t * forward_ + t * t * backward_;
    const auto to_second = (1 - t) * (1 - t) * forward_ - t * (1 - t) * backward_;
    return ((1 - t) * warp(first_, to_first) + t * warp(second_, to_second)).squeeze(0);
}

torch::Tensor FlowPair::motion() const {
    return forward_.squeeze(0).norm(2, {0}, true);
}

double FlowPair::disagreement() const {
    const auto round_trip = forward_ + warp(backward_, forward_);
    return (round_trip.norm(2, {1}) > 1).to(at::kFloat).mean().item<double>();
}

} // namespace deblur
