// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/cpu/rows.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

namespace deblur::cpu {

void Rows::Free::operator()(char *pointer) const {
    std::free(pointer);
}

Rows::Rows(Element element, int channels, int width, int height)
    : element_(element), channels_(channels), width_(width), height_(height),
      row_bytes_(size_of(element) * static_cast<size_t>(channels) * static_cast<size_t>(width)),
      tail_(height + kMargin) {}

void Rows::reach(int end, int rows) {
    tail_ = std::max(tail_, end);
    capacity_ += rows;
}

void Rows::make_persistent() {
    persistent_ = true;
    made_ = height_;
}

void Rows::allocate() {
    const int all = tail_ + kMargin;
    // A reader that lacks one row of its strip must not keep the writer from making the next.
    capacity_ = sliding_ ? std::min(capacity_ + 2 * kMargin, all) : all;
    constexpr size_t alignment = 64;
    const size_t size = (bytes() + alignment - 1) / alignment * alignment;
    data_.reset(static_cast<char *>(std::aligned_alloc(alignment, size)));
    if (!data_)
        throw std::bad_alloc();
    // What means nothing is read all the same: it must not be a signalling pattern or a trap for tools.
    std::memset(data_.get(), 0, size);
}

void Rows::restart() {
    if (persistent_)
        return;
    made_ = 0;
    if (sliding_ && begin_ != -kMargin) {
        begin_ = -kMargin;
        std::memset(data_.get(), 0, kMargin * row_bytes_);
    }
}

bool Rows::make_room(int end) {
    if (end <= begin_ + capacity_)
        return true;
    const int keep = std::min(*needed_, made_);
    if (end > keep + capacity_)
        return false;
    const int valid = made_ == height_ ? height_ + kMargin : made_;
    std::memmove(data_.get(), row(keep), static_cast<size_t>(valid - keep) * row_bytes_);
    begin_ = keep;
    return true;
}

void Rows::set_made(int end) {
    made_ = std::max(made_, std::min(end, height_)); // who changes rows in place makes nothing anew
    if (made_ == height_)
        std::memset(row(height_), 0, kMargin * row_bytes_);
}

void Rows::clear() {
    std::memset(data_.get(), 0, bytes());
}

} // namespace deblur::cpu
