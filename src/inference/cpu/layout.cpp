// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/cpu/layout.h"

#include <algorithm>
#include <cstddef>

namespace deblur::cpu {

namespace {

Kernel empty_kernel(int out, int in, int size) {
    const size_t weights = static_cast<size_t>(out) * in * size * size;
    return {out, in, size, std::vector<float>(weights), std::vector<float>(out)};
}

template <class K> auto &weight(K &kernel, int out, int in, int row, int column) {
    const size_t plane = static_cast<size_t>(out) * kernel.in + in;
    return kernel.weights[(plane * kernel.size + row) * kernel.size + column];
}

} // namespace

Kernel phases_of_deconvolution(const float *weights, const float *biases, int in, int out) {
    // Output row 2i takes taps (3, 1) of input rows (i - 1, i); row 2i - 1, a = 1, taps (2, 0).
    constexpr int taps[2][2] = {{3, 1}, {2, 0}};
    Kernel phases = empty_kernel(4 * out, in, 2);
    for (int a = 0; a < 2; ++a)
        for (int b = 0; b < 2; ++b)
            for (int c = 0; c < out; ++c) {
                const int channel = (2 * a + b) * out + c;
                phases.biases[channel] = biases[c];
                for (int i = 0; i < in; ++i)
                    for (int row = 0; row < 2; ++row)
                        for (int column = 0; column < 2; ++column)
                            weight(phases, channel, i, row, column) =
                                weights[((size_t(i) * out + c) * 4 + taps[a][row]) * 4 +
                                        taps[b][column]];
            }
    return phases;
}

Kernel on_phases(const Kernel &conv) {
    Kernel result = empty_kernel(4 * conv.out, 4 * conv.in, 2);
    for (int c = 0; c < conv.out; ++c)
        for (int row = 0; row < 2; ++row)
            for (int column = 0; column < 2; ++column) {
                const int channel = (2 * c + row) * 2 + column;
                result.biases[channel] = conv.biases[c];
                for (int u = 0; u < 3; ++u)
                    for (int v = 0; v < 3; ++v) {
                        // The upsampled pixel (2i + y, 2j + x): phase and cell that hold it.
                        const int y = row + u - 1, x = column + v - 1;
                        const int phase = 2 * (y & 1) + (x & 1);
                        for (int i = 0; i < conv.in; ++i)
                            weight(result, channel, phase * conv.in + i, y >= 1, x >= 1) =
                                weight(conv, c, i, u, v);
                    }
            }
    return result;
}

Kernel phases_first(const Kernel &conv) {
    Kernel result = conv;
    const int channels = conv.out / 4;
    const size_t size = static_cast<size_t>(conv.in) * conv.size * conv.size;
    for (int c = 0; c < channels; ++c)
        for (int phase = 0; phase < 4; ++phase) {
            const int from = 4 * c + phase, to = phase * channels + c;
            std::copy_n(conv.weights.begin() + from * size, size,
                        result.weights.begin() + to * size);
            result.biases[to] = conv.biases[from];
        }
    return result;
}

} // namespace deblur::cpu
