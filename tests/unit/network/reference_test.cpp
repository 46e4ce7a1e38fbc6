// The networks against a second implementation of the layer table, written only from the design and
// the names in the weight files: plain ATen calls, a real transposed convolution, fp32.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include "network/parameters.h"
#include "network/registry.h"

namespace deblur {
namespace {

using at::Tensor;

class Reference {
  public:
    explicit Reference(const Network &network)
        : config_(network.config()), parameters_(named_parameters(network)) {}

    // L_n - B_n, advancing F and h~.
    Tensor step(const Tensor &window) {
        const bool recurrent = config_.architecture != "cnn";
        const bool blending = config_.architecture == "strcnn_dtb";
        Tensor x = at::relu(conv("stem", window, 1));
        x = at::relu(conv("reduce", x, 2));
        if (recurrent) {
            if (!feature_.defined())
                feature_ = at::zeros({x.size(0), 32, x.size(2), x.size(3)});
            x = at::cat({x, feature_}, 1);
        }
        x = residual_blocks("encoder", x);
        if (blending) {
            if (blended_.defined()) {
                const Tensor d = conv("blending.compare", at::cat({blended_, x}, 1), 1);
                const Tensor w = at::clamp_max(
                    at::abs(at::tanh(d)) + at::clamp(parameters_.at("blending.beta"), 0, 1), 1);
                x = w * x + (1 - w) * blended_;
            }
            blended_ = x;
        }
        x = residual_blocks("decoder", x);
        if (recurrent)
            feature_ = at::relu(conv("feature_head", x, 1));
        x = at::conv_transpose2d(x, parameters_.at("upsample.weight"),
                                 parameters_.at("upsample.bias"), {2, 2}, {1, 1});
        const Tensor head = conv("latent_head", at::relu(x), 1);
        const Tensor middle = window.slice(1, 3 * config_.window, 3 * config_.window + 3);
        return config_.residual ? head : head - middle;
    }

  private:
    Tensor conv(const std::string &name, const Tensor &x, int64_t stride) const {
        const Tensor &weight = parameters_.at(name + ".weight");
        const int64_t padding = (weight.size(3) - 1) / 2;
        return at::conv2d(x, weight, parameters_.at(name + ".bias"), {stride, stride},
                          {padding, padding});
    }

    Tensor residual_blocks(const std::string &name, Tensor x) const {
        for (int i = 0; i < 4; ++i) {
            const std::string block = name + "." + std::to_string(i);
            const Tensor inner = at::relu(conv(block + ".conv1", x, 1));
            x = at::relu(x + conv(block + ".conv2", inner, 1));
        }
        return x;
    }

    NetworkConfig config_;
    TensorMap parameters_;
    Tensor feature_, blended_;
};

class AgainstReference : public testing::TestWithParam<std::tuple<const char *, int, bool>> {};

TEST_P(AgainstReference, EqualOverASequence) {
    const torch::NoGradGuard no_grad;
    torch::manual_seed(1);
    const auto [architecture, m, residual] = GetParam();
    const auto network = make_network({architecture, m, residual});
    // At initialisation biases are zero and the head is nearly so: make every parameter matter.
    for (auto &[name, tensor] : named_parameters(*network))
        if (tensor.dim() == 1)
            tensor.normal_(0, 0.1);
        else if (name == "latent_head.weight")
            tensor.mul_(50);

    Reference reference(*network);
    State state;
    for (int n = 0; n < 5; ++n) {
        const auto window = at::rand({1, 3 * (2 * m + 1), 22, 34});
        const auto expected = reference.step(window);
        const auto plain = network->step(window, state);
        const auto fast = network->step(window.contiguous(at::MemoryFormat::ChannelsLast), state);
        ASSERT_GT(expected.abs().mean().item<float>(), 0.05);
        EXPECT_LT((plain.correction - expected).abs().max().item<float>(), 1e-4) << "frame " << n;
        EXPECT_LT((fast.correction - expected).abs().max().item<float>(), 1e-4) << "frame " << n;
        state = fast.state;
    }
}

INSTANTIATE_TEST_SUITE_P(All, AgainstReference,
                         testing::Combine(testing::Values("strcnn_dtb", "strcnn", "cnn"),
                                          testing::Values(0, 1, 3), testing::Bool()));

} // namespace
} // namespace deblur
