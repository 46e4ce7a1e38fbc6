// A network applied to whole sequences: in training with gradients, in evaluation on full frames.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "network/network.h"
#include "network/refinement_stage.h"

namespace deblur {

/// <B_{n-m} .. B_{n+m}> from a batch of clips B x N x 3 x H x W, edges repeated: B x 3(2m+1) x H x
/// W.
torch::Tensor window_at(const torch::Tensor &clips, int64_t n, int64_t m);

/// Steps through frames [begin, end) of clips (B x N x 3 x H x W, sizes multiples of the network's)
/// and returns them restored, B x (end - begin) x 3 x H x W, not clamped. Gradients flow through time.
///
/// @param state  that before frame begin (empty: a fresh start); becomes that after the last one
/// @param visit  called with every step's frame number and result, if it is not empty
torch::Tensor unroll(Network &network, const torch::Tensor &clips, int64_t begin, int64_t end, State &state,
                     const std::function<void(int64_t, const StepResult &)> &visit = nullptr);

/// All frames of clips, from a fresh state.
torch::Tensor unroll(Network &network, const torch::Tensor &clips);

/// Restores a stream of full frames, without gradients and with only its window in memory.
class ClipRestorer {
  public:
    /// The network stays the caller's, and keeps its device and precision.
    ///
    /// @param refinement of its pictures, if there is to be one
    explicit ClipRestorer(Network &network, std::optional<RefinementStage> refinement = std::nullopt)
        : network_(network), refinement_(std::move(refinement)) {}

    /// Takes the next frame and returns the restored one m frames back, where there is one.
    ///
    /// @param frame  3 x H x W, float32, RGB in [0,1], of any size but always the same
    /// @return like frame, on its device, clamped to [0,1]
    std::optional<torch::Tensor> push(const torch::Tensor &frame);

    /// After the last frame, repeatedly: the frames still held back, then nothing.
    std::optional<torch::Tensor> finish();

    /// The network's map for the frame that was restored last, 1 x H x W in [0,1]; undefined if it has none.
    const torch::Tensor &map() const { return map_; }

  private:
    torch::Tensor step();

    Network &network_;
    std::optional<RefinementStage> refinement_;
    State state_;
    torch::Tensor map_;
    std::deque<torch::Tensor> window_; // as pushed; the last one is frame received_ - 1
    int64_t received_ = 0, restored_ = 0;
};

/// Restores a sequence that is in memory: as many frames as came, as from ClipRestorer::push().
std::vector<torch::Tensor> restored_sequence(Network &network, const std::vector<torch::Tensor> &frames,
                                             std::optional<RefinementStage> refinement = std::nullopt);

} // namespace deblur
