// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/optimizer.h"

#include <cmath>
#include <stdexcept>

#include <ATen/ATen.h>

namespace deblur {

namespace {

constexpr double kBeta1 = 0.9, kBeta2 = 0.99, kEpsilon = 1e-8;
constexpr double kMuonMomentum = 0.95;

// Convolutions from many features to many: their weight is a matrix with directions to balance.
// Where pixels come in or go out, directions differ in weight for a reason; and where features are compared for blending:
// steps of equal length in every direction drive tanh into saturation, and a weight of one learns nothing any more.
bool is_inner_convolution(const std::string &name, const torch::Tensor &parameter) {
    const auto belongs_to = [&](const char *module) { return name.rfind(module, 0) == 0; };
    return parameter.dim() == 4 && parameter.size(0) >= 32 && parameter.size(1) >= 32 &&
           !belongs_to("stem.") && !belongs_to("latent_head.") && !belongs_to("blending.");
}

} // namespace

torch::Tensor orthogonalise(const torch::Tensor &matrix, at::ScalarType type) {
    auto x = (matrix / (matrix.norm() + 1e-7)).to(type);
    const bool tall = x.size(0) > x.size(1);
    if (tall)
        x = x.t();
    for (int i = 0; i < 5; ++i) {
        const auto a = x.mm(x.t());
        const auto b = -4.7750 * a + 2.0315 * a.mm(a);
        x = 3.4445 * x + b.mm(x);
    }
    return (tall ? x.t() : x).to(at::kFloat);
}

Optimizer::Optimizer(Network &network, const OptimizerOptions &options,
                     const std::function<bool(const std::string &)> &takes)
    : options_(options) {
    for (const auto &[name, parameter] : named_parameters(network)) {
        if (takes && !takes(name))
            continue;
        const bool muon = options.muon && is_inner_convolution(name, parameter);
        slots_.push_back({name, parameter, at::zeros_like(parameter),
                          muon ? torch::Tensor() : at::zeros_like(parameter), muon});
    }
}

double Optimizer::step(double factor) {
    const torch::NoGradGuard no_grad;
    double squared = 0;
    for (const auto &slot : slots_)
        if (slot.parameter.grad().defined())
            squared += slot.parameter.grad().square().sum().item<double>();
    const double norm = std::sqrt(squared);
    const double scale = norm > options_.clip_norm ? options_.clip_norm / norm : 1.0;
    if (std::isfinite(norm)) {
        ++steps_;
        const double correction1 = 1 - std::pow(kBeta1, steps_);
        const double correction2 = 1 - std::pow(kBeta2, steps_);
        for (auto &slot : slots_) {
            if (!slot.parameter.grad().defined())
                continue;
            const auto gradient = slot.parameter.grad() * scale;
            auto values = slot.parameter.data();
            const double rate = factor * (slot.muon ? options_.muon_rate : options_.adam_rate);
            values.mul_(1 - rate * options_.weight_decay);
            if (slot.muon) {
                slot.first.mul_(kMuonMomentum).add_(gradient);
                const auto nesterov = gradient + kMuonMomentum * slot.first;
                const auto update = orthogonalise(nesterov.flatten(1), options_.precision);
                // Scaled to the root mean square that Adam's updates have (Liu et al. 2025).
                const double longer = static_cast<double>(std::max(update.size(0), update.size(1)));
                values.sub_(update.view_as(values), rate * 0.2 * std::sqrt(longer));
            } else {
                slot.first.lerp_(gradient, 1 - kBeta1);
                slot.second.lerp_(gradient.square(), 1 - kBeta2);
                const auto deviation = (slot.second / correction2).sqrt().add_(kEpsilon);
                values.addcdiv_(slot.first, deviation, -rate / correction1);
            }
        }
    }
    clear();
    return norm;
}

void Optimizer::clear() {
    for (auto &slot : slots_)
        slot.parameter.mutable_grad() = torch::Tensor();
}

TensorMap Optimizer::state() const {
    TensorMap state{{"steps", at::full({}, steps_, at::kLong)}};
    for (const auto &slot : slots_) {
        state.emplace("first." + slot.name, slot.first);
        if (slot.second.defined())
            state.emplace("second." + slot.name, slot.second);
    }
    return state;
}

void Optimizer::load_state(const TensorMap &state) {
    const auto fetch = [&](const std::string &name, const torch::Tensor &target) {
        const auto found = state.find(name);
        if (found == state.end() || found->second.sizes() != target.sizes())
            throw std::invalid_argument("the checkpoint's optimiser state '" + name +
                                        "' is missing or of another shape");
        target.copy_(found->second);
    };
    auto steps = at::zeros({}, at::kLong);
    fetch("steps", steps);
    steps_ = steps.item<int64_t>();
    for (auto &slot : slots_) {
        fetch("first." + slot.name, slot.first);
        if (slot.second.defined())
            fetch("second." + slot.name, slot.second);
    }
}

} // namespace deblur
