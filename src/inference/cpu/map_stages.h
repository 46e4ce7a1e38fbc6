// Operations on feature maps that are no convolutions, for networks that look at their maps in other ways.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "inference/cpu/pipeline.h"

namespace deblur::cpu {

/// Means over factor x factor samples of planes from first on, which are extended by reflection.
class InputMeanStage : public Stage {
  public:
    InputMeanStage(const Pictures &pictures, int first, int factor, Rows &out, int strip);

  private:
    void run(int y, int count) override;

    const Pictures &pictures_;
    int first_, factor_;
    std::vector<int> columns_, rows_; // of a plane, for those of the extended one
};

/// The four phases of a transposed convolution (PhaseStage) as its map; added to what the map holds, if wanted.
class InterleaveStage : public Stage {
  public:
    InterleaveStage(Rows &cells, bool add, Rows &out, int strip);

  private:
    void run(int y, int count) override;

    Rows &cells_;
    bool add_;
};

/// The largest of 2 x 2.
class MaxPoolStage : public Stage {
  public:
    MaxPoolStage(Rows &in, Rows &out, int strip);

  private:
    void run(int y, int count) override;

    Rows &in_;
};

/// The mean of factor x factor; float32.
class MeanPoolStage : public Stage {
  public:
    MeanPoolStage(Rows &in, int factor, Rows &out, int strip);

  private:
    void run(int y, int count) override;

    Rows &in_;
    int factor_;
};

/// Two channels: the mean over the input's, and the largest of them.
class StatisticsStage : public Stage {
  public:
    StatisticsStage(Rows &in, Rows &out, int strip);

  private:
    void run(int y, int count) override;

    Rows &in_;
};

/// in * (gain * by + offset); by has one channel of float32.
class ScaleStage : public Stage {
  public:
    ScaleStage(Rows &in, Rows &by, float gain, float offset, Rows &out, int strip);

  private:
    void run(int y, int count) override;

    Rows &in_, &by_;
    float gain_, offset_;
};

/// A copy of a map, whose range it widens until all samples lie in it.
class ObserveStage : public Stage {
  public:
    ObserveStage(Rows &in, Rows &out, int strip, Range &range);

  private:
    void run(int y, int count) override;

    Rows &in_;
    Range &range_;
};

} // namespace deblur::cpu
