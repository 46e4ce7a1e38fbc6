// Pictures in memory, for tests: the common layouts, filled at random.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <libdeblur/deblur.h>

namespace deblur::test {

/// Names of the layouts that make_format() knows, as FFmpeg calls them.
std::vector<std::string> layouts();

/// @throws std::invalid_argument for an unknown layout
deblur_format make_format(const std::string &layout, int width, int height);

/// One picture with padded rows; copies are deep.
class Picture {
  public:
    explicit Picture(const deblur_format &format);

    int width(int component) const; ///< samples in a row
    int height(int component) const;
    double get(int component, int x, int y) const; ///< code value, or value of a float
    void set(int component, int x, int y, double code);

    /// Uniform over all codes of the depth; floats over [0,1].
    void fill_random(unsigned seed);
    /// Uniform over values that lie well inside of the nominal range.
    void fill_random_inner(unsigned seed);

    /// With this picture as source, and destination as destination.
    deblur_frame frame_into(Picture &destination);
    deblur_frame frame_in_place() { return frame_into(*this); }

    bool operator==(const Picture &other) const { return planes_ == other.planes_; }

  private:
    uint8_t *word(int component, int x, int y);
    void fill(unsigned seed, double low, double high);

    deblur_format format_;
    std::vector<std::vector<uint8_t>> planes_;
    std::vector<ptrdiff_t> strides_;
};

} // namespace deblur::test
