// The operations of a network's step, on feature maps.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "inference/cpu/convolution.h"
#include "inference/cpu/stage.h"

namespace deblur::cpu {

/// The pictures of one step.
struct Pictures {
    int height, width;
    std::vector<const float *> planes;  ///< of height x width float32
    float *head = nullptr, *map = nullptr;
};

/// Planes from first on, pixel-unshuffled by factor (channel = plane * factor^2 + row * factor + column), extended to the
/// map's size by reflection.
class WindowStage : public Stage {
  public:
    WindowStage(const Pictures &pictures, int first, int factor, Rows &out, int strip);

  private:
    void run(int y, int count) override;
    void gather(int y, char *line);

    const Pictures &pictures_;
    int first_, factor_;
    std::vector<int> columns_; // beyond the picture's width: which column to repeat
};

class ConvolutionStage : public Stage {
  public:
    struct Geometry {
        int stride = 1, above = 0, left = 0; ///< zero rows and columns before the first
    };
    /// out = activation(conv(in) + out?)
    /// @param call  rows that are computed in one call; strip is a multiple of it
    /// @param range as Convolution has it
    ConvolutionStage(Rows &in, const Kernel &kernel, Geometry geometry, bool add,
                     Activation activation, Rows &out, int strip, int call,
                     const Range *range = nullptr);

  protected:
    void run(int y, int count) override;

  private:
    Rows &in_;
    int stride_, above_, call_;
    Convolution convolution_;
};

/// The 2x2 phases of a transposed convolution, 4x4 with stride 2 and padding 1, channel = (2 a + b) C +
/// c. Cell (i, j) holds the upsampled map's pixels (2i - a, 2j - b); those outside of it are zero.
class PhaseStage : public ConvolutionStage {
  public:
    PhaseStage(Rows &in, const Kernel &phases, Rows &out, int strip, int call, const Range *range);

  private:
    void run(int y, int count) override;
};

/// Copies maps side by side: their channels one after the other, through an activation: none or ReLU.
class ConcatStage : public Stage {
  public:
    ConcatStage(const std::vector<Rows *> &parts, Rows &out, int strip, Activation activation = Activation::None);

  private:
    void run(int y, int count) override;

    std::vector<Rows *> parts_;
    Activation activation_;
};

/// Groups of channels of a map, each moved by its own offset, zero from outside (network/channel_shift.h).
class ShiftStage : public Stage {
  public:
    /// @param distance cells, at most kMargin
    ShiftStage(Rows &in, int distance, Rows &out, int strip);

  private:
    void run(int y, int count) override;

    Rows &in_;
    int distance_;
};

/// A float32 map in the out map's type.
class ConvertStage : public Stage {
  public:
    ConvertStage(Rows &in, Rows &out, int strip);

  private:
    void run(int y, int count) override;

    Rows &in_;
};

/// The map's samples as the codes of an 8-bit one.
class QuantizeStage : public Stage {
  public:
    QuantizeStage(Rows &in, Rows &out, int strip);

  private:
    void run(int y, int count) override;

    Rows &in_;
};

/// current and state become h~_n (kernels.h); difference is the convolution in Eq. 3.
class BlendStage : public Stage {
  public:
    /// @param fresh read in every step: whether a sequence begins, so that w = 1
    BlendStage(Rows &difference, float beta, const bool &fresh, Rows &state, Rows &current,
               int strip);

  private:
    void run(int y, int count) override;

    Rows &difference_, &state_;
    float beta_;
    const bool &fresh_;
};

/// out += pixel_shuffle(x, 2), where x has its channels in the order row, column, channel.
class ShuffleAddStage : public Stage {
  public:
    ShuffleAddStage(Rows &x, Rows &out, int strip);

  private:
    void run(int y, int count) override;

    Rows &x_;
};

/// An output: pixel_shuffle(x, factor) as planes; x is float32.
class OutputStage : public Stage {
  public:
    /// @param height, width of the planes, no more than the map has
    /// @param to            read in every step
    OutputStage(Rows &x, int factor, int height, int width, float *const &to, int strip);

  private:
    void run(int y, int count) override;

    Rows &x_;
    int factor_, height_, width_;
    float *const &to_;
};

} // namespace deblur::cpu
