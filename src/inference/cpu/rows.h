// Feature maps in memory: rows of pixels, channels innermost.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace deblur::cpu {

enum class Element { Float32, BFloat16, UInt8, Int8 };

inline size_t size_of(Element element) {
    return element == Element::Float32 ? 4 : element == Element::BFloat16 ? 2 : 1;
}

/// Rows above and below a map that read as zeros: half of the largest kernel.
constexpr int kMargin = 3;

/// A feature map: all of its rows, or a strip that slides down as rows are made and used up.
///
/// Rows [-kMargin, 0) and, when the map is complete, [height, height + kMargin) are zero. Beyond
/// them, up to the tail, lie rows that may be written and read but mean nothing: convolutions work
/// on strips of a fixed number of rows.
class Rows {
  public:
    Rows(Element element, int channels, int width, int height);

    Element element() const { return element_; }
    int channels() const { return channels_; }
    int width() const { return width_; }
    int height() const { return height_; }
    size_t row_bytes() const { return row_bytes_; }

    /// Of 8-bit maps: sample = scale * code.
    float scale() const { return scale_; }
    void set_scale(float scale) { scale_ = scale; }

    /// Before allocate(): rows below end will be touched, this many at once.
    void reach(int end, int rows);
    /// Before allocate(): keep no more rows than those who touch them need. For maps with one writer and one
    /// reader, whose next row needed is told by set_reader().
    void make_sliding() { sliding_ = true; }
    /// Before allocate(): the map stays from one step to the next; all of it counts as made.
    void make_persistent();
    void allocate();
    size_t bytes() const { return row_bytes_ * static_cast<size_t>(capacity_); }

    /// Rows are used up from *needed on; only sliding maps ask.
    void set_reader(const int *needed) { needed_ = needed; }

    /// No row has been made yet.
    void restart();
    /// Makes room for rows below end, dropping what is used up; false if that is not enough yet.
    bool make_room(int end);
    /// Rows below end (as far as there are so many) are made.
    void set_made(int end);
    /// Whether rows below end (as far as there are so many) are made.
    bool has(int end) const { return made_ >= (end < height_ ? end : height_); }
    /// Every sample becomes zero.
    void clear();

    void *row(int y) { return data_.get() + row_bytes_ * static_cast<size_t>(y - begin_); }
    template <class T> T *row_as(int y) { return static_cast<T *>(row(y)); }

  private:
    struct Free {
        void operator()(char *pointer) const;
    };

    Element element_;
    int channels_, width_, height_;
    size_t row_bytes_;
    float scale_ = 1;
    int tail_;         // rows below this may be touched
    int capacity_ = 0; // rows in memory
    bool sliding_ = false, persistent_ = false;
    int begin_ = -kMargin; // the row at data_
    int made_ = 0;
    const int *needed_ = nullptr;
    std::unique_ptr<char, Free> data_;
};

} // namespace deblur::cpu
