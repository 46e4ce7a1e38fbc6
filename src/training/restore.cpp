// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/restore.h"

#include <algorithm>

#include <ATen/ATen.h>

#include "network/padding.h"

namespace deblur {

torch::Tensor window_at(const torch::Tensor &clips, int64_t n, int64_t m) {
    std::vector<torch::Tensor> frames;
    for (int64_t i = n - m; i <= n + m; ++i)
        frames.push_back(clips.select(1, std::clamp<int64_t>(i, 0, clips.size(1) - 1)));
    return at::cat(frames, 1).contiguous(at::MemoryFormat::ChannelsLast);
}

torch::Tensor unroll(Network &network, const torch::Tensor &clips, int64_t begin, int64_t end,
                     State &state, const std::function<void(int64_t, const StepResult &)> &visit) {
    std::vector<torch::Tensor> restored;
    for (int64_t n = begin; n < end; ++n) {
        auto result = network.step(window_at(clips, n, network.config().window), state);
        restored.push_back(clips.select(1, n) + result.correction);
        if (visit)
            visit(n, result);
        state = std::move(result.state);
    }
    return at::stack(restored, 1);
}

torch::Tensor unroll(Network &network, const torch::Tensor &clips) {
    State state;
    return unroll(network, clips, 0, clips.size(1), state);
}

std::optional<torch::Tensor> ClipRestorer::push(const torch::Tensor &frame) {
    window_.push_back(frame);
    ++received_;
    if (received_ <= restored_ + network_.config().window)
        return std::nullopt;
    return step();
}

std::optional<torch::Tensor> ClipRestorer::finish() {
    if (restored_ == received_)
        return std::nullopt;
    return step();
}

torch::Tensor ClipRestorer::step() {
    const torch::NoGradGuard no_grad;
    const int64_t m = network_.config().window;
    const int64_t held = static_cast<int64_t>(window_.size());
    const int64_t current = restored_ - (received_ - held);
    const auto clip =
        at::stack(std::vector<torch::Tensor>(window_.begin() + std::max<int64_t>(0, current - m),
                                             window_.begin() + std::min(held, current + m + 1)))
            .to(network_.parameters().front().device());
    const auto window = window_at(clip.unsqueeze(0), std::min(current, m), m);
    auto result = network_.step(pad_to_multiple(window, network_.size_multiple()), state_);
    state_ = std::move(result.state);

    const auto frame = window_[static_cast<size_t>(current)];
    if (result.map.defined())
        map_ = crop(result.map, frame.size(1), frame.size(2)).squeeze(0).to(frame.device());
    const auto blurry = frame.unsqueeze(0);
    auto correction = gated(crop(result.correction, frame.size(1), frame.size(2)).to(frame.device()), blurry,
                            network_.config().gate);
    if (refinement_)
        correction = refinement_->apply(window.to(frame.device()).split(3, 1), correction);
    ++restored_;
    if (current >= m)
        window_.pop_front();
    return (blurry + correction).clamp(0, 1).squeeze(0);
}

std::vector<torch::Tensor> restored_sequence(Network &network, const std::vector<torch::Tensor> &frames,
                                             std::optional<RefinementStage> refinement) {
    ClipRestorer restorer(network, std::move(refinement));
    std::vector<torch::Tensor> restored;
    for (const auto &frame : frames)
        if (const auto ready = restorer.push(frame))
            restored.push_back(*ready);
    while (const auto ready = restorer.finish())
        restored.push_back(*ready);
    return restored;
}

} // namespace deblur
