// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/cpu/stage.h"

#include <algorithm>

namespace deblur::cpu {

Stage::Stage(Rows *out, int height, int strip) : out_(out), height_(height), strip_(strip) {
    if (out_)
        out_->reach(all_rows(), strip_);
}

int Stage::all_rows() const {
    return (height_ + strip_ - 1) / strip_ * strip_;
}

void Stage::read(Rows &rows, int kernel, int stride, int above, int up) {
    inputs_.push_back({&rows, kernel, stride, above, up, -above});
    rows.set_reader(&inputs_.back().needed);
    const auto &input = inputs_.back();
    rows.reach(input.end(all_rows()), input.end(strip_) - input.begin(0));
}

void Stage::restart() {
    next_ = 0;
    for (auto &input : inputs_)
        input.needed = input.begin(0);
    if (out_)
        out_->restart();
}

bool Stage::advance() {
    if (is_done())
        return false;
    const int end = next_ + strip_;
    for (const auto &input : inputs_)
        if (!input.rows->has(input.end(end)))
            return false;
    if (out_ && !out_->make_room(std::max(end, end >= height_ ? height_ + kMargin : 0)))
        return false;
    // What a last strip reads beyond the end must lie in memory.
    for (const auto &input : inputs_)
        if (!input.rows->make_room(input.end(end)))
            return false;
    run(next_, std::min(strip_, height_ - next_));
    next_ = end;
    for (auto &input : inputs_)
        input.needed = input.begin(next_);
    if (out_)
        out_->set_made(next_);
    return true;
}

} // namespace deblur::cpu
