// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture/siting.h"

#include <algorithm>
#include <cmath>

namespace deblur {

namespace {

bool is_subsampled(const deblur_format &format, int component) {
    return format.model == DEBLUR_MODEL_YUV && component > 0;
}

// Of chroma's first line, in lines of luma.
double offset_in_frame(deblur_chroma_location location, int factor) {
    switch (location) {
    case DEBLUR_CHROMA_TOPLEFT:
    case DEBLUR_CHROMA_TOP:
        return 0.0;
    case DEBLUR_CHROMA_BOTTOMLEFT:
    case DEBLUR_CHROMA_BOTTOM:
        return factor - 1.0;
    default:
        return (factor - 1) / 2.0;
    }
}

} // namespace

Siting horizontal_siting(const deblur_format &format, int component) {
    const int factor = is_subsampled(format, component) ? 1 << format.log2_chroma_w : 1;
    switch (format.chroma_location) {
    case DEBLUR_CHROMA_CENTER:
    case DEBLUR_CHROMA_TOP:
    case DEBLUR_CHROMA_BOTTOM:
        return {factor, (factor - 1) / 2.0};
    default:
        return {factor, 0.0};
    }
}

Siting vertical_siting(const deblur_format &format, int component) {
    const int factor = is_subsampled(format, component) ? 1 << format.log2_chroma_h : 1;
    const double offset = offset_in_frame(format.chroma_location, factor);
    // Line j of a frame's chroma lies at its luma line j * factor + offset. Of both, a field has every
    // second line: the top field the even, the bottom field the odd ones.
    switch (format.field) {
    case DEBLUR_FIELD_TOP:
        return {factor, offset / 2};
    case DEBLUR_FIELD_BOTTOM:
        return {factor, (offset + factor - 1) / 2};
    default:
        return {factor, offset};
    }
}

std::vector<Interpolation> interpolations(const Siting &siting, int length) {
    const int last = siting.samples(length) - 1;
    std::vector<Interpolation> result(length);
    for (int i = 0; i < length; ++i) {
        const double position = (i - siting.offset) / siting.factor;
        const double below = std::floor(position);
        result[i].first = std::clamp(static_cast<int>(below), 0, last);
        result[i].second = std::clamp(static_cast<int>(below) + 1, 0, last);
        result[i].fraction = static_cast<float>(position - below);
    }
    return result;
}

std::vector<Average> averages(const Siting &siting, int length) {
    std::vector<Average> result(siting.samples(length));
    for (size_t j = 0; j < result.size(); ++j) {
        // Luma sample i stands for [i - 1/2, i + 1/2]; its weight is the overlap with the interval.
        const double begin = j * siting.factor + siting.offset - siting.factor / 2.0;
        const double end = begin + siting.factor;
        const int from = static_cast<int>(std::floor(begin + 0.5));
        const int to = static_cast<int>(std::ceil(end + 0.5)) - 1;
        Average &average = result[j];
        average = {std::clamp(from, 0, length - 1), 1, {}};
        for (int i = from; i <= to; ++i) {
            const double overlap = std::min(end, i + 0.5) - std::max(begin, i - 0.5);
            const int tap = std::clamp(i, 0, length - 1) - average.first;
            average.count = tap + 1;
            average.weight[tap] += static_cast<float>(overlap / siting.factor);
        }
    }
    return result;
}

} // namespace deblur
