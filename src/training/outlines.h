// Outlines of people in sharp material, drawn by hand: they make cut-outs of photographs without masks.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <torch/types.h>

namespace deblur {

/// A closed polygon: x, y in thousandths of a picture's width and height.
using Outline = std::vector<std::pair<double, double>>;

/// By the names of files that show people: outlines of some of them, or none.
using Outlines = std::map<std::string, std::vector<Outline>>;

/// Reads { "NAME": [[[x, y], ...], ...], ... }.
///
/// @return nothing if there is no such file
/// @throws std::runtime_error naming a file that is malformed
Outlines read_outlines(const std::string &path);

/// What an outline encloses, by the even-odd rule; 255 where the middle of a pixel is inside, 0 elsewhere.
///
/// @return height x width, uint8
torch::Tensor fill(const Outline &outline, int64_t height, int64_t width);

} // namespace deblur
