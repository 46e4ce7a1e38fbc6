// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/flow.h"

#include <algorithm>
#include <vector>

#include <ATen/ATen.h>

namespace deblur {

namespace {

constexpr int64_t kSmallestSide = 16; // of the coarsest level, pixels
constexpr int64_t kWindow = 9;        // pixels
constexpr int kIterations = 4;        // per level
constexpr double kLargestStep = 1.0;  // pixels per iteration; what is further is a coarser level's
constexpr double kDamping = 2e-5;     // squared gradient of about one step of 8 bits
constexpr double kOccluded = 0.1;     // of full scale

torch::Tensor luma(const torch::Tensor &frames) {
    const auto weights = at::tensor({0.299f, 0.587f, 0.114f}).view({3, 1, 1}).to(frames.device());
    return (frames * weights).sum(1, true);
}

// Along a dimension, as sums of 2, 4, 8 and then 9 values: a pooling adds all nine of each.
torch::Tensor window_sum(const torch::Tensor &x, int64_t dimension) {
    static_assert(kWindow == 9);
    const auto part = [&](const torch::Tensor &of, int64_t begin, int64_t reach) {
        return of.narrow(dimension, begin, x.size(dimension) - reach + 1);
    };
    const auto two = part(x, 0, 2) + part(x, 1, 2);
    const auto four = part(two, 0, 4) + part(two, 2, 4);
    const auto eight = part(four, 0, 8) + part(four, 4, 8);
    return part(eight, 0, 9) + part(x, 8, 9);
}

// Over what of the window lies inside.
torch::Tensor window_mean(const torch::Tensor &x) {
    constexpr int64_t half = kWindow / 2;
    const auto sum = [](const torch::Tensor &map) {
        return window_sum(window_sum(at::constant_pad_nd(map, {half, half, half, half}), 2), 3);
    };
    return sum(x) / sum(at::ones({1, 1, x.size(2), x.size(3)}, x.options()));
}

// Central differences, N x 2 x H x W: along x, along y.
torch::Tensor slopes(const torch::Tensor &x) {
    const auto padded = at::replication_pad2d(x, {1, 1, 1, 1});
    const int64_t height = x.size(2), width = x.size(3);
    const auto at_offset = [&](int64_t dy, int64_t dx) {
        return padded.narrow(2, 1 + dy, height).narrow(3, 1 + dx, width);
    };
    return at::cat({at_offset(0, 1) - at_offset(0, -1), at_offset(1, 0) - at_offset(-1, 0)}, 1) / 2;
}

torch::Tensor median_of_three(const torch::Tensor &a, const torch::Tensor &b, const torch::Tensor &c) {
    return at::max(at::min(a, b), at::min(at::max(a, b), c));
}

// 3 x 3, each component by itself: single wrong vectors disappear, boundaries stay. Of columns that are in order, the median
// is that of the largest low, the middle mid and the smallest high.
torch::Tensor median_filter(const torch::Tensor &flow) {
    const auto padded = at::replication_pad2d(flow, {1, 1, 1, 1});
    const auto row = [&](int64_t y) { return padded.narrow(2, y, flow.size(2)); };
    const auto low = at::min(at::min(row(0), row(1)), row(2)), high = at::max(at::max(row(0), row(1)), row(2));
    const auto mid = median_of_three(row(0), row(1), row(2));
    const auto at_column = [&](const torch::Tensor &map, int64_t x) { return map.narrow(3, x, flow.size(3)); };
    return median_of_three(at::max(at::max(at_column(low, 0), at_column(low, 1)), at_column(low, 2)),
                           median_of_three(at_column(mid, 0), at_column(mid, 1), at_column(mid, 2)),
                           at::min(at::min(at_column(high, 0), at_column(high, 1)), at_column(high, 2)));
}

torch::Tensor refine(const torch::Tensor &frame, const torch::Tensor &previous,
                     torch::Tensor flow) {
    for (int i = 0; i < kIterations; ++i) {
        const auto moved = warp(previous, flow);
        const auto slope = (slopes(moved) + slopes(frame)) / 2;
        const auto x = slope.narrow(1, 0, 1), y = slope.narrow(1, 1, 1), change = frame - moved;
        const auto sums = window_mean(at::cat({x * x, x * y, y * y, x * change, y * change}, 1));
        const auto xx = sums.narrow(1, 0, 1) + kDamping, xy = sums.narrow(1, 1, 1),
                   yy = sums.narrow(1, 2, 1) + kDamping;
        const auto xt = sums.narrow(1, 3, 1), yt = sums.narrow(1, 4, 1);
        const auto step = at::cat({yy * xt - xy * yt, xx * yt - xy * xt}, 1) / (xx * yy - xy * xy);
        flow = flow + step.clamp(-kLargestStep, kLargestStep);
    }
    return median_filter(flow);
}

} // namespace

torch::Tensor estimate_flow(const torch::Tensor &frame, const torch::Tensor &previous) {
    std::vector<torch::Tensor> frames{luma(frame)}, previouses{luma(previous)}; // from fine to coarse
    while (std::min(frames.back().size(2), frames.back().size(3)) >= 2 * kSmallestSide) {
        frames.push_back(at::avg_pool2d(frames.back(), {2, 2}));
        previouses.push_back(at::avg_pool2d(previouses.back(), {2, 2}));
    }
    auto flow =
        at::zeros({frame.size(0), 2, frames.back().size(2), frames.back().size(3)}, frames.back().options());
    for (size_t level = frames.size(); level-- > 0;) {
        const auto &target = frames[level];
        if (flow.sizes().slice(2) != target.sizes().slice(2))
            flow = 2 * at::upsample_bilinear2d(flow, {target.size(2), target.size(3)}, false);
        flow = refine(target, previouses[level], flow);
    }
    return flow;
}

torch::Tensor warp(const torch::Tensor &picture, const torch::Tensor &flow) {
    const int64_t height = picture.size(2), width = picture.size(3);
    const auto x = at::arange(width, flow.options()).view({1, width}) + flow.select(1, 0);
    const auto y = at::arange(height, flow.options()).view({height, 1}) + flow.select(1, 1);
    // grid_sampler's coordinates: -1 and 1 are the outer borders of the outer pixels.
    const auto grid = at::stack({(2 * x + 1) / static_cast<double>(width) - 1,
                                 (2 * y + 1) / static_cast<double>(height) - 1},
                                3);
    constexpr int64_t bilinear = 0, repeat_border = 1;
    return at::grid_sampler(picture, grid, bilinear, repeat_border, false);
}

TrueMotion true_motion(const torch::Tensor &sharp, const torch::Tensor &previous) {
    TrueMotion motion;
    motion.flow = estimate_flow(sharp, previous);
    motion.visible = (sharp - warp(previous, motion.flow)).abs().amax(1, true) < kOccluded;
    return motion;
}

double warping_error(const torch::Tensor &frame, const torch::Tensor &previous,
                     const TrueMotion &motion) {
    const auto square = (frame - warp(previous, motion.flow)).square().mean(1, true);
    const auto visible = motion.visible.sum().clamp_min(1);
    return ((square * motion.visible).sum() / visible).item<double>();
}

double motion_error(const torch::Tensor &frame, const torch::Tensor &previous,
                    const TrueMotion &motion) {
    const auto difference = estimate_flow(frame, previous) - motion.flow;
    return difference.square().sum(1).sqrt().mean().item<double>();
}

} // namespace deblur
