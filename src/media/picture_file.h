// Still pictures: PNG, JPEG, WebP, BMP and TIFF in, PNG out.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <torch/types.h>

namespace deblur {

/// Reads a picture as uint8 H x W x 3, RGB, in the orientation in which it is stored.
///
/// @throws MediaError naming the file and the cause; so do the other functions
torch::Tensor read_picture(const std::string &path);

/// Reads a mask as uint8 H x W: gray values as they are stored, or the indices (not the colours) of
/// a palette. A picture stored in colour is taken if all its pixels are gray, and an error
/// otherwise.
torch::Tensor read_gray(const std::string &path);

/// Reads the alpha channel as uint8 H x W. A picture without one is an error.
torch::Tensor read_alpha(const std::string &path);

/// Encodes uint8 H x W x 3 (RGB) or H x W (gray) as PNG, without loss.
std::vector<uint8_t> encode_png(const torch::Tensor &pixels);

/// Writes encode_png() to a file.
void write_picture(const std::string &path, const torch::Tensor &pixels);

} // namespace deblur
