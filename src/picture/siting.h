// Where chroma samples lie among luma samples, and what follows for going up and down.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include <libdeblur/deblur.h>

namespace deblur {

/// Samples of one component along one axis: sample j lies at luma position j * factor + offset.
struct Siting {
    int factor; ///< 1, 2 or 4
    double
        offset; ///< 0 (with the first luma sample) to factor - 1 (with the last); multiples of 1/4

    /// How many samples cover length luma samples.
    int samples(int length) const { return (length + factor - 1) / factor; }
};

/// Luma components, and those of formats without subsampling, have factor 1.
Siting horizontal_siting(const deblur_format &format, int component);
Siting vertical_siting(const deblur_format &format, int component);

/// A value between two samples: (1 - fraction) * [first] + fraction * [second].
struct Interpolation {
    int first, second;
    float fraction;
};

/// Linear interpolation for each of length luma positions; edge samples are repeated.
std::vector<Interpolation> interpolations(const Siting &siting, int length);

/// A weighted mean of luma positions first, first + 1, ...
struct Average {
    int first, count;
    float weight[5]; ///< sums to 1
};

/// For each sample the mean over one sample distance (factor luma samples) around its position: a
/// box when it lies between luma samples, [1 2 1] / 4 when it lies on one. Edges are repeated.
std::vector<Average> averages(const Siting &siting, int length);

} // namespace deblur
