// The interface that every architecture fulfils.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <torch/nn/module.h>
#include <torch/types.h>

#include "network/adversary.h"
#include "network/architecture.h"
#include "network/gate.h"
#include "network/region_refiner.h"

namespace deblur {

/// What a network carries from one time step to the next. Empty before the first frame.
using State = std::vector<torch::Tensor>;

struct StepResult {
    torch::Tensor correction; ///< L_n - B_n, N x 3 x H x W, float32, not clamped, before the gate
    State state;
    torch::Tensor map = {}; ///< what the network perceived, as from Network::perceive(); undefined if it has no map
    std::vector<torch::Tensor> outputs = {}; ///< what only the architecture's own objective() looks at
};

/// What training knows of a frame: N x channels x H x W, float32.
struct FrameTruth {
    torch::Tensor sharp;      ///< S_n, 3 channels, RGB in [0,1]
    torch::Tensor blur;       ///< 1 channel, see Clip::blur, pixels
    torch::Tensor foreground; ///< 1 channel in [0,1], see Clip::foreground
    torch::Tensor blurry = {}; ///< B_n, 3 channels, RGB in [0,1]

    /// What training measures a picture by, for an objective() that has pictures of its own: a scalar.
    std::function<torch::Tensor(const torch::Tensor &restored, const torch::Tensor &sharp)> distance =
        [](const torch::Tensor &restored, const torch::Tensor &sharp) { return (restored - sharp).abs().mean(); };
};

/// One architecture with its parameters. A step is a pure function of window and state.
class Network : public torch::nn::Module {
  public:
    explicit Network(NetworkConfig config) : config_(std::move(config)) {}

    /// One time step.
    ///
    /// @param window  <B_{n-m} .. B_{n+m}>, N x 3(2m+1) x H x W, float32, oldest frame first, RGB
    ///                in [0,1]; H and W are multiples of size_multiple()
    /// @param state   from the step before; empty starts a sequence (F_0 = 0, h~_0 = h_0)
    virtual StepResult step(const torch::Tensor &window, const State &state) = 0;

    /// The same step as data, but for the map and what follows from it. Empty if it takes more than one graph.
    Graph graph() const {
        auto architecture = describe(config_);
        const bool is_one = architecture.composition == Composition::Plain || architecture.composition == Composition::Gated;
        return is_one ? std::move(architecture.step) : Graph();
    }

    /// Whether steps have a map.
    virtual bool has_map() const { return false; }

    /// For architectures whose graph() says nothing of their map: where the correction counts, N x 1 x H x W,
    /// float32 in [0,1]; see local_gate(). Undefined if it counts everywhere.
    ///
    /// @param window as in step(), of any size
    virtual torch::Tensor perceive(const torch::Tensor &) const { return {}; }

    /// What a step is to learn besides restoring its frame: a scalar that is added to that loss. Undefined: nothing.
    virtual torch::Tensor objective(const StepResult &, const FrameTruth &) const { return {}; }

    /// What a part of the architecture learns of single frames before all of it learns: a scalar. Undefined: nothing.
    ///
    /// @param window as in step()
    virtual torch::Tensor pretraining(const torch::Tensor &, const FrameTruth &) const { return {}; }

    /// Those of its parameters that learn against the others; nullptr: none.
    virtual const Adversary *adversary() const { return nullptr; }

    /// What of it refines other networks' pictures; nullptr: nothing.
    virtual const RegionRefiner *region_refiner() const { return nullptr; }

    /// Height and width must be multiples of this many pixels.
    virtual int64_t size_multiple() const = 0;

    /// Multiply-accumulate operations of one step, per pixel of the input.
    virtual double macs_per_pixel() const = 0;

    /// The type of activations and state: float32 (the default), bfloat16 or float16. Parameters
    /// may stay float32 (training) or be converted with to() (inference: saves the casts).
    void set_compute_type(at::ScalarType type) { compute_type_ = type; }
    at::ScalarType compute_type() const { return compute_type_; }

    /// Of architectures that refine their picture region by region: how many a frame may have, 0 or more.
    void set_passes(int passes) { passes_ = passes; }
    int passes() const { return passes_; }

    const NetworkConfig &config() const { return config_; }
    void set_gate(const Gate &gate) { config_.gate = gate; }
    int64_t window_frames() const { return 2 * config_.window + 1; }

  private:
    NetworkConfig config_;
    at::ScalarType compute_type_ = at::kFloat;
    int passes_ = kDefaultPasses;
};

using NetworkPtr = std::shared_ptr<Network>;

} // namespace deblur
