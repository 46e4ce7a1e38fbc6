// What a step computes, as data: for implementations that do not run the modules themselves.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "network/config.h"

namespace deblur {

/// What follows a convolution (and the addition to it).
enum class Activation { None, Relu, LeakyRelu, Tanh, Sigmoid };

constexpr float kLeak = 0.2f; ///< slope of LeakyRelu below 0

/// Operations on feature maps, in an order in which they can be computed.
///
/// Values are numbered as they are made, and know their channels and their resolution. Parameters are named by the module
/// that holds them, as in the weight files. Convolutions have (kernel - 1) / 2 zeros on each side: "same" for odd kernels.
class Graph {
  public:
    using Value = int;
    static constexpr Value kNone = -1;

    enum class Kind {
        Input,        ///< planes of the step's pictures from index on, pixel-unshuffled by factor
        InputMean,    ///< the same, averaged over factor x factor pixels
        State,        ///< what keep() kept in the step before; zero at first
        Conv,         ///< activation(conv(first) + second?)
        Deconv,       ///< activation(deconv 4x4 stride 2 (first)) + second?
        Concat,       ///< activation(first, then second, along the channels)
        Blend,        ///< Kim et al. 2017, Eqs. 2 and 3: first = h_n, second = h~_{n-1}
        UpConv,       ///< conv 3x3 (relu(deconv 4x4 stride 2 (first))), pixel-unshuffled by two
        ShuffleAdd,   ///< pixel_shuffle(first, 2) + second
        MaxPool,      ///< the largest of 2 x 2
        MeanPool,     ///< the mean of factor x factor of first's pixels
        Statistics,   ///< mean and maximum over first's channels
        Scale,        ///< first * (gain * second + offset), with the one channel of second
        InstanceNorm, ///< activation(each channel normalised over the picture, times and plus a parameter)
    };

    struct Node {
        Kind kind;
        Value first = kNone, second = kNone;
        int channels = 0; ///< of the value
        int factor = 1;   ///< pixels of the step's pictures along a side of one of the value's
        std::string module = {}; ///< whose parameters it takes; of UpConv, the deconvolution's
        std::string head = {};   ///< of UpConv, the convolution's module
        int index = 0;           ///< of State and the inputs
        int kernel = 1, stride = 1;
        bool has_bias = true; ///< of Conv and Deconv
        Activation activation = Activation::None;
        float gain = 1, offset = 0;
    };

    Value input(int planes, int factor, int from = 0);
    Value input_mean(int planes, int factor, int from);
    Value state(int index, int channels, int factor);

    /// A convolution to so many channels.
    struct Shape {
        int out, kernel, stride = 1;
        bool has_bias = true;
    };
    Value conv(const std::string &module, Value x, Shape shape, Activation activation, Value plus = kNone);
    Value deconv(const std::string &module, Value x, int out, Activation activation, Value plus = kNone,
                 bool has_bias = true);
    Value concat(Value first, Value second, Activation activation = Activation::None);
    Value blend(const std::string &module, Value current, Value previous, int kernel);
    Value up_conv(const std::string &module, const std::string &head, Value x);
    Value shuffle_add(Value x, Value plus);
    Value max_pool(Value x);
    Value mean_pool(Value x, int factor);
    Value statistics(Value x);
    Value scale(Value x, Value by, float gain, float offset);
    Value instance_norm(const std::string &module, Value x, Activation activation);

    /// A ResidualStack of count blocks, each with the given activation of its sum.
    Value residual_stack(const std::string &module, Value x, int count, Activation output);

    /// The value becomes state number index of the next step.
    void keep(int index, Value value);

    bool empty() const { return nodes.empty(); }
    int channels(Value value) const { return node(value).channels; }
    int factor(Value value) const { return node(value).factor; }
    const Node &node(Value value) const { return nodes[static_cast<size_t>(value)]; }

    /// Adds names and shapes of the parameters that the nodes take.
    void add_shapes(Shapes &shapes) const;

    std::vector<Node> nodes;
    std::vector<Value> kept; ///< by index of state
    Value head = kNone;      ///< pixel_shuffle(head, head_factor) is the output
    int head_factor = 1;
    Value map = kNone; ///< a second output, as it is

  private:
    Value add(Node node) {
        nodes.push_back(std::move(node));
        return static_cast<Value>(nodes.size()) - 1;
    }
};

} // namespace deblur
