// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/cpu/map_stages.h"

#include <algorithm>
#include <cstring>

#include "base/parallel.h"
#include "base/reflection.h"
#include "inference/cpu/kernels.h"
#include "inference/cpu/map_kernels.h"

namespace deblur::cpu {

namespace {

template <class Body> void for_rows(int y, int count, const Body &body) {
    for_parts(count, 1, [&](int begin, int end) {
        for (int i = y + begin; i < y + end; ++i)
            body(i);
    });
}

size_t samples_of_row(const Rows &map) {
    return static_cast<size_t>(map.width()) * static_cast<size_t>(map.channels());
}

} // namespace

InputMeanStage::InputMeanStage(const Pictures &pictures, int first, int factor, Rows &out, int strip)
    : Stage(&out, out.height(), strip), pictures_(pictures), first_(first), factor_(factor),
      columns_(reflected_positions(out.width() * factor, pictures.width)),
      rows_(reflected_positions(out.height() * factor, pictures.height)) {}

void InputMeanStage::run(int y, int count) {
    Rows &map = *out();
    const int channels = map.channels();
    const float share = 1.0f / static_cast<float>(factor_ * factor_);
    for_rows(y, count, [&](int i) {
        std::vector<float> line(samples_of_row(map));
        for (int channel = 0; channel < channels; ++channel)
            for (int row = i * factor_; row < (i + 1) * factor_; ++row) {
                const float *const from = pictures_.planes[static_cast<size_t>(first_ + channel)] +
                                          static_cast<size_t>(rows_[static_cast<size_t>(row)]) * pictures_.width;
                for (int x = 0; x < map.width() * factor_; ++x)
                    line[static_cast<size_t>(x / factor_ * channels + channel)] +=
                        share * from[columns_[static_cast<size_t>(x)]];
            }
        convert(line.data(), map.element(), map.row(i), line.size());
    });
}

InterleaveStage::InterleaveStage(Rows &cells, bool add, Rows &out, int strip)
    : Stage(&out, out.height(), strip), cells_(cells), add_(add) {
    read(cells, 2, 1, 0, 2);
    if (add)
        read(out);
}

void InterleaveStage::run(int y, int count) {
    Rows &map = *out();
    const size_t phase = static_cast<size_t>(map.channels()), bytes = phase * size_of(map.element());
    for_rows(y, count, [&](int i) {
        // Cell (j, k) has pixels (2j - a, 2k - b), phase 2a + b.
        const char *const cells = cells_.row_as<char>((i + 1) / 2) + 2 * static_cast<size_t>(i % 2) * bytes;
        char *const to = map.row_as<char>(i);
        for (int x = 0; x < map.width(); ++x) {
            const char *const from = cells + (4 * static_cast<size_t>((x + 1) / 2) + static_cast<size_t>(x % 2)) * bytes;
            char *const pixel = to + static_cast<size_t>(x) * bytes;
            if (add_)
                accumulate(map.element(), from, pixel, phase);
            else
                std::memcpy(pixel, from, bytes);
        }
    });
}

MaxPoolStage::MaxPoolStage(Rows &in, Rows &out, int strip) : Stage(&out, out.height(), strip), in_(in) {
    read(in, 2, 2);
}

void MaxPoolStage::run(int y, int count) {
    Rows &map = *out();
    for_rows(y, count, [&](int i) {
        max_pool(map.element(), in_.row(2 * i), in_.row(2 * i + 1), map.width(), map.channels(), map.row(i));
    });
}

MeanPoolStage::MeanPoolStage(Rows &in, int factor, Rows &out, int strip)
    : Stage(&out, out.height(), strip), in_(in), factor_(factor) {
    read(in, factor, factor);
}

void MeanPoolStage::run(int y, int count) {
    Rows &map = *out();
    const int channels = map.channels();
    const float share = 1.0f / static_cast<float>(factor_ * factor_);
    for_rows(y, count, [&](int i) {
        float *const to = map.row_as<float>(i);
        std::fill_n(to, samples_of_row(map), 0.0f);
        for (int row = i * factor_; row < (i + 1) * factor_; ++row) {
            const float *from = in_.row_as<float>(row);
            for (int x = 0; x < map.width() * factor_; ++x, from += channels)
                for (int channel = 0; channel < channels; ++channel)
                    to[x / factor_ * channels + channel] += share * from[channel];
        }
    });
}

StatisticsStage::StatisticsStage(Rows &in, Rows &out, int strip) : Stage(&out, out.height(), strip), in_(in) {
    read(in);
}

void StatisticsStage::run(int y, int count) {
    Rows &map = *out();
    for_rows(y, count, [&](int i) {
        mean_and_maximum(map.element(), in_.row(i), map.width(), in_.channels(), map.row(i));
    });
}

ScaleStage::ScaleStage(Rows &in, Rows &by, float gain, float offset, Rows &out, int strip)
    : Stage(&out, out.height(), strip), in_(in), by_(by), gain_(gain), offset_(offset) {
    read(in);
    read(by);
}

void ScaleStage::run(int y, int count) {
    Rows &map = *out();
    for_rows(y, count, [&](int i) {
        scale_pixels(map.element(), in_.row(i), by_.row_as<float>(i), gain_, offset_, map.width(), map.channels(),
                     map.row(i));
    });
}

ObserveStage::ObserveStage(Rows &in, Rows &out, int strip, Range &range)
    : Stage(&out, out.height(), strip), in_(in), range_(range) {
    read(in);
}

void ObserveStage::run(int y, int count) {
    for (int i = y; i < y + count; ++i) {
        const size_t samples = samples_of_row(in_);
        std::memcpy(out()->row(i), in_.row(i), in_.row_bytes());
        const auto [low, high] = std::minmax_element(in_.row_as<float>(i), in_.row_as<float>(i) + samples);
        range_ = {std::min(range_.low, *low), std::max(range_.high, *high)};
    }
}

} // namespace deblur::cpu
