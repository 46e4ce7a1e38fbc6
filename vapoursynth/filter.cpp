// SPDX-License-Identifier: LGPL-2.1-or-later
#include "vapoursynth/filter.h"

#include <algorithm>
#include <utility>

namespace deblur::vapoursynth {

Filter::Filter(VSNode *source, const Settings &settings, int warmup, int threads, VSCore *core,
               const VSAPI *api)
    : source_(source), api_(api), info_(*api->getVideoInfo(source)), warmup_(warmup),
      reach_(std::max(2 * warmup, threads)), stream_(settings, info_, core, api) {}

Filter::~Filter() {
    api_->freeNode(source_);
}

Filter::Range Filter::request_range(int n) const {
    return {std::max(n - reach_, 0), std::min(n + stream_.delay(), info_.numFrames - 1)};
}

const VSFrame *Filter::find(int n) const {
    if (ready_.empty() || n < ready_.front().number || n > ready_.back().number)
        return nullptr;
    return ready_[n - ready_.front().number].frame.get();
}

const VSFrame *Filter::get(int n, VSFrameContext *context) {
    if (!find(n)) {
        const int first = request_range(n).first;
        if (next_sent_ < 0 || n < next_ready_ || first > next_ready_) {
            const bool goes_back = next_sent_ >= 0 && n < next_ready_;
            next_sent_ = next_ready_ = goes_back ? first : std::max(n - warmup_, 0);
            first_good_ = next_ready_ == 0 ? 0 : std::min(next_ready_ + warmup_, n);
            ready_.clear();
            stream_.restart();
        }
        try {
            restore_up_to(n, context);
        } catch (...) {
            next_sent_ = -1;
            ready_.clear();
            throw;
        }
    }
    const VSFrame *restored = find(n);
    return api_->addFrameRef(restored);
}

void Filter::restore_up_to(int n, VSFrameContext *context) {
    std::deque<Numbered> ready;
    const int last = request_range(n).last;
    while (next_sent_ <= last) {
        const int number = next_sent_++;
        stream_.send({number, FramePtr(api_->getFrameFilter(number, source_, context), {api_})},
                     ready);
    }
    if (last == info_.numFrames - 1) {
        stream_.finish(ready);
        next_sent_ = -1;
    }
    for (auto &restored : ready) {
        next_ready_ = restored.number + 1;
        if (restored.number >= first_good_)
            ready_.push_back(std::move(restored));
    }
    while (ready_.back().number - ready_.front().number > reach_)
        ready_.pop_front();
}

} // namespace deblur::vapoursynth
