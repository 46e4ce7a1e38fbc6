// What a step computes, as data: for implementations that do not run the modules themselves.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

namespace deblur {

/// What follows a convolution (and the addition to it).
enum class Activation { None, Relu, Tanh };

/// The operations of one time step, in an order in which they can be computed.
///
/// Values are numbered as they are made. Parameters are named by the module that holds them, as in
/// the weight files; shapes follow from the parameters. Convolutions have "same" zero padding.
class Graph {
  public:
    using Value = int;
    static constexpr Value kNone = -1;

    enum class Kind {
        Window,    ///< <B_{n-m} .. B_{n+m}>, pixel-unshuffled by factor
        State,     ///< what keep() kept in the step before; zero at first
        Conv,      ///< activation(conv(first) + second?)
        Concat,    ///< first, then second, along the channels
        Blend,     ///< Kim et al. 2017, Eqs. 2 and 3: first = h_n, second = h~_{n-1}
        UpConv,    ///< conv(relu(deconv 4x4 stride 2 (first))), pixel-unshuffled by two
        ShuffleAdd, ///< pixel_shuffle(first, 2) + second
        Shift       ///< groups of channels moved by distance: channel_shifts()
    };

    struct Node {
        Kind kind;
        Value first = kNone, second = kNone;
        std::string module = {};                  ///< of Conv, Blend, UpConv (the deconvolution's)
        std::string head = {};                    ///< of UpConv, the convolution's module
        int stride = 1;                           ///< of Conv
        Activation activation = Activation::None; ///< of Conv
        int factor = 1;   ///< of Window and State: pixels of the window along a side of one
        int index = 0;    ///< of State
        int channels = 0; ///< of State
        int distance = 0; ///< of Shift, cells of the map
    };

    Value window(int factor) {
        return add({Kind::Window, kNone, kNone, "", "", 1, Activation::None, factor});
    }
    Value state(int index, int channels, int factor) {
        return add(
            {Kind::State, kNone, kNone, "", "", 1, Activation::None, factor, index, channels});
    }
    Value conv(const std::string &module, Value x, Activation activation, int stride = 1,
               Value plus = kNone) {
        return add({Kind::Conv, x, plus, module, "", stride, activation});
    }
    Value concat(Value first, Value second) { return add({Kind::Concat, first, second}); }
    Value blend(const std::string &module, Value current, Value previous) {
        return add({Kind::Blend, current, previous, module});
    }
    Value up_conv(const std::string &module, const std::string &head, Value x) {
        return add({Kind::UpConv, x, kNone, module, head});
    }
    Value shuffle_add(Value x, Value plus) { return add({Kind::ShuffleAdd, x, plus}); }

    Value shift(Value x, int distance) {
        Node node{Kind::Shift, x};
        node.distance = distance;
        return add(std::move(node));
    }

    /// A ResidualStack of count blocks, each with the given activation of its sum.
    Value residual_stack(const std::string &module, Value x, int count, Activation output) {
        for (int i = 0; i < count; ++i) {
            const std::string block = module + "." + std::to_string(i);
            const Value inner = conv(block + ".conv1", x, Activation::Relu);
            x = conv(block + ".conv2", inner, output, 1, x);
        }
        return x;
    }

    /// The value becomes state number index of the next step.
    void keep(int index, Value value) {
        if (kept.size() <= static_cast<size_t>(index))
            kept.resize(static_cast<size_t>(index) + 1, kNone);
        kept[static_cast<size_t>(index)] = value;
    }

    bool empty() const { return nodes.empty(); }

    std::vector<Node> nodes;
    std::vector<Value> kept; ///< by index of state
    Value head = kNone;      ///< pixel_shuffle(head, head_factor) is the network's output:
    int head_factor = 1;     ///< L_n - B_n, or L_n if the configuration is not residual

  private:
    Value add(Node node) {
        nodes.push_back(std::move(node));
        return static_cast<Value>(nodes.size()) - 1;
    }
};

} // namespace deblur
