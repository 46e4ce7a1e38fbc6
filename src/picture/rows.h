// Inner loops over the samples of a row, vectorised for the CPU at hand.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <vector>

#include <libdeblur/deblur.h>

#include "picture/samples.h"
#include "picture/siting.h"

namespace deblur {

/// Reads count samples of one component: code values, or floats with what is not finite, or far
/// from [0,1], brought near. row is where the plane's row begins.
void load_row(samples::Storage storage, const deblur_component &component, const void *row,
              int count, float *out);

/// Adds change to the samples of row from and writes them to row to (may be the same). Integers are
/// rounded half away from zero and clipped to the depth. A sample whose change rounds to zero, or
/// is NaN, keeps its value, even one beyond its depth; so does a float sample that is not finite.
void add_row(samples::Storage storage, const deblur_component &component, const void *from,
             void *to, int count, const float *change);

/// Three rows and what each is multiplied with.
struct Mixture {
    const float *rows[3];
    float factors[3];
};

/// out = base + the sum of the mixture's products. A gray mixture has one row.
void mix(const Mixture &mixture, int rows, float base, float *out, int count);

/// out += the sum of a mixture of three rows.
void mix_more(const Mixture &mixture, float *out, int count);

/// out += factor * in.
void add_scaled(const float *in, float factor, float *out, int count);

/// Of the Laplacian (4 neighbours) of a row's samples.
struct LaplacianSums {
    float sum, squares;
};

/// @param above, row, below count samples each behind one that is their left neighbour, and before one to their right
LaplacianSums laplacian_sums(const float *above, const float *row, const float *below, int count);

/// Whether a sum over count samples is finite: then so are all of them, but for finite ones of overwhelming size.
bool is_finite(const float *in, size_t count);

/// The row above and the one below become the one between: above += fraction * (below - above).
void interpolate_down(float *above, const float *below, float fraction, int count);

/// The samples of a row at every luma column of the table, made by interpolations().
void interpolate_across(const float *in, const std::vector<Interpolation> &table, int factor,
                        float *out);

/// The means of a row of luma columns, one for each entry of the table, made by averages().
void average_across(const float *in, const std::vector<Average> &table, int factor, float *out);

} // namespace deblur
