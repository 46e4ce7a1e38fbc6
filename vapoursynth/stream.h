// Frames in order, restored by libdeblur. All calls of its API are here and in format.cpp.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "vapoursynth/format.h"

namespace deblur::vapoursynth {

/// Lets go of a frame.
struct FrameDeleter {
    const VSAPI *api;
    void operator()(const VSFrame *frame) const { api->freeFrame(frame); }
};
using FramePtr = std::unique_ptr<const VSFrame, FrameDeleter>;

/// A frame and its number in the clip.
struct Numbered {
    int number;
    FramePtr frame;
};

/// What the user chose.
struct Settings {
    std::string model, weights, device; ///< empty: what libdeblur takes
    deblur_options options;             ///< without strings, log and queue
    float strength;
    FieldMode field;
};

/**
 * One pass through a clip, or through a part of it.
 *
 * Where the tags of a frame differ from those of the one before, the frames before end as they would at the end of a
 * clip, and a stream with a fresh state begins.
 */
class Stream {
  public:
    /// @throw std::runtime_error if libdeblur refuses settings or format, with its reason
    Stream(const Settings &settings, const VSVideoInfo &info, VSCore *core, const VSAPI *api);
    ~Stream();
    Stream(const Stream &) = delete;
    Stream &operator=(const Stream &) = delete;

    /// m: how many later frames one needs.
    int delay() const { return delay_; }

    /// Drops what is on its way; the next frame has nothing to do with those before.
    void restart();

    /// Takes the next frame. A frame that has become ready is appended to the result. @throw std::runtime_error
    void send(Numbered source, std::deque<Numbered> &ready);

    /// Marks the end of the clip; appends all that is left. @throw std::runtime_error
    void finish(std::deque<Numbered> &ready);

  private:
    void open(const Tags &tags);
    void close();
    void receive(std::deque<Numbered> &ready);
    [[noreturn]] void fail(int status);
    static void log(void *cookie, deblur_log_level level, const char *message);

    const Settings settings_;
    const VSVideoInfo info_;
    VSCore *const core_;
    const VSAPI *const api_;

    std::mutex log_mutex_;
    std::string error_; ///< what libdeblur said last

    deblur_context *contexts_[2] = {}; ///< for a frame the first, for fields both, top and bottom
    Tags tags_;                        ///< what they are open for
    bool started_ = false;             ///< whether they have been given a frame
    bool reset_ = false;               ///< for the next frame
    std::deque<Numbered> pending_;     ///< on their way
    int delay_ = 0;
};

} // namespace deblur::vapoursynth
