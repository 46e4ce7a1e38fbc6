// Frames in host memory, read and corrected by the CPU.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "engine/pictures.h"
#include "picture/converter.h"

namespace deblur {

/// Everything is done when a call returns.
class CpuPictures : public Pictures {
  public:
    /// @param height, width at which the network works
    CpuPictures(const deblur_format &format, int height, int width)
        : format_(format), converter_(format), height_(height), width_(width) {}

    Image read(const deblur_frame &frame) override;
    void correct(const deblur_frame &frame, const Image &correction) override;
    void show(const deblur_frame &frame, const Image &map) override;
    bool finish() override { return is_finite_; }
    Image thumbnail(const Image &image) const override;
    float sharpness(const Image &image) const override;
    float sharpness(const Image &image, const Image &correction, float strength) const override;
    size_t depth() const override { return 0; }

  private:
    deblur_format format_;
    Converter converter_;
    int height_, width_;
    bool is_finite_ = true;
};

} // namespace deblur
