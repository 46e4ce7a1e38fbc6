// The measured response of a real camera.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include <torch/types.h>

namespace deblur {

/// Light for each of 256 code values, by colour: what a recording of known exposures tells of a camera.
class ResponseTable {
  public:
    /// Reads lines of "code, R, G, B", separated by tabs, 0 to 255 in order behind a line of headings. Light has any unit,
    /// and grows with the code; where it steps back, it is taken to stand still.
    ///
    /// @throws std::runtime_error if the file is anything else
    explicit ResponseTable(const std::string &path);

    /// Code values in [0,1] -> light, 1 at the code 250 of 255 (beyond it cameras clip), linear between codes.
    ///
    /// @param code N x 3 x H x W
    torch::Tensor to_light(const torch::Tensor &code) const;

    /// The inverse, in [0,1].
    torch::Tensor to_code(const torch::Tensor &light) const;

  private:
    torch::Tensor light_; ///< 3 x 256
};

} // namespace deblur
