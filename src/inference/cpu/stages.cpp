// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/cpu/stages.h"

#include <algorithm>
#include <cstring>
#include <type_traits>

#include "base/reflection.h"
#include "inference/cpu/kernels.h"
#include "inference/cpu/map_kernels.h"
#include "network/channel_shift.h"
#include "inference/cpu/threads.h"

namespace deblur::cpu {

namespace {

// to[i * stride + k] = from[i * group + k]: groups of samples, spread out.
template <class Word> void spread(const Word *from, int count, int group, int stride, Word *to) {
    const auto copy = [&](auto size) {
        for (int i = 0; i < count; ++i)
            std::copy_n(from + i * size, size, to + i * stride);
    };
    switch (group) { // constants to the compiler. NOLINT(bugprone-branch-clone)
    case 1:
        return copy(std::integral_constant<int, 1>());
    case 2:
        return copy(std::integral_constant<int, 2>());
    case 4:
        return copy(std::integral_constant<int, 4>());
    default:
        return copy(group);
    }
}

} // namespace

WindowStage::WindowStage(const Pictures &pictures, int first, int factor, Rows &out, int strip)
    : Stage(&out, out.height(), strip), pictures_(pictures), first_(first), factor_(factor) {
    for (int x = pictures.width; x < out.width() * factor; ++x)
        columns_.push_back(reflect(x, pictures.width));
}

void WindowStage::gather(int y, char *line) {
    Rows &map = *out();
    const size_t size = size_of(map.element());
    const int width = pictures_.width;
    for (int channel = 0, plane = first_; channel < map.channels(); ++plane)
        for (int row = 0; row < factor_; ++row, channel += factor_) {
            const auto source_row = static_cast<size_t>(reflect(y * factor_ + row, pictures_.height));
            const float *from = pictures_.planes[static_cast<size_t>(plane)] + source_row * width;
            convert(from, map.element(), line, width);
            for (size_t i = 0; i < columns_.size(); ++i)
                convert(from + columns_[i], map.element(), line + size * (width + i), 1);
            if (map.element() == Element::Float32)
                spread(reinterpret_cast<const float *>(line), map.width(), factor_, map.channels(),
                       map.row_as<float>(y) + channel);
            else
                spread(reinterpret_cast<const uint16_t *>(line), map.width(), factor_,
                       map.channels(), map.row_as<uint16_t>(y) + channel);
        }
}

void WindowStage::run(int y, int count) {
    parallel_ranges(y, y + count, [this](int begin, int end) {
        thread_local std::vector<char> line;
        line.resize(size_of(out()->element()) * static_cast<size_t>(out()->width() * factor_));
        for (int i = begin; i < end; ++i)
            gather(i, line.data());
    });
}

ConvolutionStage::ConvolutionStage(Rows &in, const Kernel &kernel, Geometry geometry, bool add,
                                   Activation activation, Rows &out, int strip, int call,
                                   const Range *range)
    : Stage(&out, out.height(), strip), in_(in), stride_(geometry.stride), above_(geometry.above),
      call_(call),
      convolution_(kernel, {in.width(), out.width(), call, geometry.stride, geometry.left},
                   in.element(), out.element(), {in.scale(), out.scale()}, add, activation, range) {
    read(in, kernel.size, geometry.stride, geometry.above);
    if (add)
        read(out);
}

void ConvolutionStage::run(int y, int count) {
    parallel_for((count + call_ - 1) / call_, [&](int i) {
        const int row = y + i * call_;
        convolution_.run(in_.row(row * stride_ - above_), out()->row(row),
                         std::min(call_, y + count - row));
    });
}

PhaseStage::PhaseStage(Rows &in, const Kernel &phases, Rows &out, int strip, int call,
                       const Range *range)
    : ConvolutionStage(in, phases, {1, 1, 1}, false, Activation::Relu, out, strip, call, range) {}

void PhaseStage::run(int y, int count) {
    ConvolutionStage::run(y, count);
    Rows &map = *out();
    const size_t phase = map.row_bytes() / map.width() / 4, cell = 4 * phase;
    const auto clear = [&](int row, int column, int a, int b) {
        std::memset(map.row_as<char>(row) + column * cell + (2 * a + b) * phase, 0, phase);
    };
    for (int i = y; i < y + count; ++i) {
        for (const int a : {0, 1}) {
            clear(i, 0, a, 1);
            clear(i, map.width() - 1, a, 0);
        }
        if (i != 0 && i != map.height() - 1)
            continue;
        for (int j = 0; j < map.width(); ++j)
            for (const int b : {0, 1})
                clear(i, j, i == 0 ? 1 : 0, b);
    }
}

ConcatStage::ConcatStage(const std::vector<Rows *> &parts, Rows &out, int strip, Activation activation)
    : Stage(&out, out.height(), strip), parts_(parts), activation_(activation) {
    for (Rows *part : parts)
        read(*part);
}

void ConcatStage::run(int y, int count) {
    const size_t pixel = out()->row_bytes() / out()->width();
    parallel_ranges(y, y + count, [&](int begin, int end) {
        for (int i = begin; i < end; ++i) {
            char *to = out()->row_as<char>(i);
            for (Rows *part : parts_) {
                const char *from = part->row_as<char>(i);
                const size_t size = part->row_bytes() / part->width();
                for (int x = 0; x < part->width(); ++x)
                    std::memcpy(to + x * pixel, from + x * size, size);
                to += size;
            }
            if (activation_ == Activation::Relu)
                clamp_negative(out()->element(), out()->row(i), static_cast<size_t>(out()->width()) * out()->channels());
        }
    });
}

ShiftStage::ShiftStage(Rows &in, int distance, Rows &out, int strip)
    : Stage(&out, out.height(), strip), in_(in), distance_(distance) {
    read(in, 2 * distance + 1, 1, distance);
}

void ShiftStage::run(int y, int count) {
    Rows &map = *out();
    const size_t sample = size_of(map.element()), pixel = sample * static_cast<size_t>(map.channels());
    const auto shifts = channel_shifts(map.channels(), distance_);
    parallel_ranges(y, std::min(y + count, map.height()), [&](int begin, int end) {
        for (int i = begin; i < end; ++i)
            for (const auto &shift : shifts) {
                const size_t offset = sample * static_cast<size_t>(shift.begin);
                const size_t bytes = sample * static_cast<size_t>(shift.count);
                const char *from = in_.row_as<char>(i - shift.dy) + offset;
                char *to = map.row_as<char>(i) + offset;
                for (int x = 0; x < map.width(); ++x, to += pixel) {
                    const int source = x - shift.dx;
                    if (source < 0 || source >= map.width())
                        std::memset(to, 0, bytes);
                    else
                        std::memcpy(to, from + pixel * static_cast<size_t>(source), bytes);
                }
            }
    });
}

ConvertStage::ConvertStage(Rows &in, Rows &out, int strip) : Stage(&out, out.height(), strip), in_(in) {
    read(in);
}

void ConvertStage::run(int y, int count) {
    Rows &map = *out();
    parallel_ranges(y, y + count, [&](int begin, int end) {
        for (int i = begin; i < end; ++i)
            convert(in_.row_as<float>(i), map.element(), map.row(i), map.width() * map.channels());
    });
}

QuantizeStage::QuantizeStage(Rows &in, Rows &out, int strip)
    : Stage(&out, out.height(), strip), in_(in) {
    read(in);
}

void QuantizeStage::run(int y, int count) {
    Rows &map = *out();
    const size_t samples = static_cast<size_t>(map.width()) * map.channels();
    parallel_ranges(y, y + count, [&](int begin, int end) {
        for (int i = begin; i < end; ++i)
            quantize(in_.element(), in_.row(i), map.element(), map.row(i), samples, map.scale());
    });
}

BlendStage::BlendStage(Rows &difference, float beta, const bool &fresh, Rows &state, Rows &current,
                       int strip)
    : Stage(&current, current.height(), strip), difference_(difference), state_(state),
      beta_(std::clamp(beta, 0.0f, 1.0f)), fresh_(fresh) {
    read(difference);
    read(current);
}

void BlendStage::run(int y, int count) {
    Rows &current = *out();
    const size_t samples = static_cast<size_t>(current.width()) * current.channels();
    parallel_ranges(y, y + count, [&](int begin, int end) {
        for (int i = begin; i < end; ++i)
            blend(current.element(), difference_.row(i), current.row(i), state_.row(i), samples,
                  fresh_ ? 1.0f
                         : beta_); // the state is zero then, and w = 1 makes h~_n = h_n exactly
    });
}

ShuffleAddStage::ShuffleAddStage(Rows &x, Rows &out, int strip)
    : Stage(&out, out.height(), strip), x_(x) {
    read(x, 1, 1, 0, 2);
    read(out);
}

void ShuffleAddStage::run(int y, int count) {
    Rows &map = *out();
    const size_t run = 2 * static_cast<size_t>(map.channels()); // two pixels of a row
    const size_t bytes = run * size_of(map.element());
    parallel_ranges(y, y + count, [&](int begin, int end) {
        for (int i = begin; i < end; ++i) {
            const char *from = x_.row_as<char>(i / 2) + (i % 2) * bytes;
            for (int j = 0; j < x_.width(); ++j)
                accumulate(map.element(), from + 2 * j * bytes, map.row_as<char>(i) + j * bytes,
                           run);
        }
    });
}

OutputStage::OutputStage(Rows &x, int factor, int height, int width, float *const &to, int strip)
    : Stage(nullptr, x.height(), strip), x_(x), factor_(factor), height_(height), width_(width), to_(to) {
    read(x);
}

void OutputStage::run(int y, int count) {
    const int rows = std::min((y + count) * factor_, height_), channels = x_.channels();
    const int planes = channels / (factor_ * factor_);
    parallel_ranges(y * factor_, rows, [&](int begin, int end) {
        for (int i = begin; i < end; ++i)
            for (int plane = 0; plane < planes; ++plane) {
                float *to = to_ + (static_cast<size_t>(plane) * height_ + i) * width_;
                const float *from = x_.row_as<float>(i / factor_) + (plane * factor_ + i % factor_) * factor_;
                for (int x = 0; x < width_; x += factor_, from += channels)
                    std::copy_n(from, std::min(factor_, width_ - x), to + x);
            }
    });
}

} // namespace deblur::cpu
