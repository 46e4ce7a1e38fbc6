// One operation on feature maps, done strip by strip.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <list>

#include "inference/cpu/rows.h"

namespace deblur::cpu {

/// Makes rows of a map from rows of other maps, as soon as those are made.
class Stage {
  public:
    /// @param out    the map to make; it may be one that is read, if rows are only changed when all who
    ///               read their old values are past them
    /// @param height rows to make
    /// @param strip  rows made at once
    Stage(Rows *out, int height, int strip);
    virtual ~Stage() = default;
    Stage(const Stage &) = delete;
    Stage &operator=(const Stage &) = delete;

    void restart();
    bool is_done() const { return next_ >= height_; }
    /// Makes the next strip if its input is there; whether it did.
    bool advance();

  protected:
    /// Declares an input: output row y reads rows [y * stride - above, ... + kernel) of it. With up
    /// > 1 it reads row y / up instead.
    void read(Rows &rows, int kernel = 1, int stride = 1, int above = 0, int up = 1);

    /// Makes rows [y, y + count). The last strip has rows beyond the height: what they become means
    /// nothing, and they need not be made.
    virtual void run(int y, int count) = 0;

    int height() const { return height_; }
    int strip() const { return strip_; }
    Rows *out() const { return out_; }

  private:
    struct Input {
        Rows *rows;
        int kernel, stride, above, up;
        int needed; // the first row that is still to be read
        int begin(int y) const { return y / up * stride - above; }
        int end(int y) const { return (y - 1) / up * stride - above + kernel; } // for rows below y
    };

    int all_rows() const; // the height as a multiple of the strip

    Rows *out_;
    int height_, strip_, next_ = 0;
    std::list<Input> inputs_; // a list, because maps know where needed lies
};

} // namespace deblur::cpu
