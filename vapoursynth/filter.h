// Which frames are restored when the host asks for one: the rule for requests in and out of order.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <deque>

#include "vapoursynth/stream.h"

namespace deblur::vapoursynth {

/**
 * Restores a clip as one stream, in the order of its frames, whatever order they are asked for in.
 *
 * The stream goes on with a request for its next frame, and with one that is ahead of it by no more than `reach` frames:
 * the frames between are restored first, and kept. These are the pictures of an uninterrupted run. Any other request
 * restarts the stream `warmup` frames earlier (`reach` frames earlier if it goes back, so that one restart serves the
 * next requests, too), with a fresh state; what is restored on the way there is dropped. From the start of the clip,
 * there is nothing to warm up.
 *
 * request_range() may be called from any thread at any time, get() from one at a time.
 */
class Filter {
  public:
    struct Range {
        int first, last;
    };

    /// @param threads how many requests the host may have under way at a time
    /// @throw std::runtime_error as Stream
    Filter(VSNode *source, const Settings &settings, int warmup, int threads, VSCore *core,
           const VSAPI *api);
    ~Filter();
    Filter(const Filter &) = delete;
    Filter &operator=(const Filter &) = delete;

    /// The source's frames that get(n) may need.
    Range request_range(int n) const;

    /// Frame n, restored, a reference for the caller. @throw std::runtime_error
    const VSFrame *get(int n, VSFrameContext *context);

    VSNode *source() const { return source_; }
    const VSVideoInfo &info() const { return info_; }

  private:
    const VSFrame *find(int n) const;
    void restore_up_to(int n, VSFrameContext *context);

    VSNode *const source_;
    const VSAPI *const api_;
    const VSVideoInfo info_;
    const int warmup_, reach_;
    Stream stream_;
    int next_sent_ = -1;         ///< -1: the stream has to be started
    int next_ready_ = -1;        ///< what comes out of it next
    int first_good_ = 0;         ///< those before are for warming up
    std::deque<Numbered> ready_; ///< by number, without gaps
};

} // namespace deblur::vapoursynth
