// SPDX-License-Identifier: LGPL-2.1-or-later
#include "vapoursynth/stream.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace deblur::vapoursynth {

namespace {

/// In place of the number of a frame that comes out of the contexts after a restart.
constexpr int kDropped = -1;

const char *text_or_null(const std::string &text) {
    return text.empty() ? nullptr : text.c_str();
}

} // namespace

Stream::Stream(const Settings &settings, const VSVideoInfo &info, VSCore *core, const VSAPI *api)
    : settings_(settings), info_(info), core_(core), api_(api) {
    Tags tags;
    if (settings.field == FieldMode::kFields && has_fields(info))
        tags.pictures = 2;
    open(tags);
    delay_ = deblur_get_delay(contexts_[0]);
}

Stream::~Stream() {
    close();
}

void Stream::log(void *cookie, deblur_log_level level, const char *message) {
    auto &self = *static_cast<Stream *>(cookie);
    if (level == DEBLUR_LOG_ERROR) {
        const std::lock_guard lock(self.log_mutex_);
        self.error_ = message;
    } else {
        const int type = level == DEBLUR_LOG_WARNING ? mtWarning : mtDebug;
        self.api_->logMessage(type, ("deblur: " + std::string(message)).c_str(), self.core_);
    }
}

void Stream::fail(int status) {
    std::string reason;
    {
        const std::lock_guard lock(log_mutex_);
        reason = error_.empty() ? deblur_strerror(status) : error_;
    }
    close();
    throw std::runtime_error("deblur.Deblur: " + reason);
}

void Stream::open(const Tags &tags) {
    deblur_options options = settings_.options;
    options.model = text_or_null(settings_.model);
    options.weights = text_or_null(settings_.weights);
    options.device = text_or_null(settings_.device);
    options.queue = 0;
    options.log = log;
    options.log_cookie = this;
    if (options.height && tags.pictures > 1)
        options.height = std::max(options.height / tags.pictures, 1);

    // The new ones are opened before the old ones are closed, so that they share the loaded weights.
    deblur_context *opened[2] = {};
    for (int i = 0; i < tags.pictures; ++i) {
        const deblur_format format = describe(info_, tags, i);
        const int status = deblur_open(&opened[i], &options, &format);
        if (status != DEBLUR_OK) {
            deblur_close(&opened[0]);
            fail(status);
        }
    }
    close();
    std::copy(opened, opened + 2, contexts_);
    tags_ = tags;
}

void Stream::close() {
    for (auto &context : contexts_)
        deblur_close(&context);
    pending_.clear();
    started_ = reset_ = false;
}

void Stream::restart() {
    for (auto &source : pending_)
        source.number = kDropped;
    reset_ = started_;
}

void Stream::receive(std::deque<Numbered> &ready) {
    while (!pending_.empty()) {
        for (int i = 0; i < tags_.pictures; ++i) {
            void *opaque;
            const int status = deblur_receive(contexts_[i], &opaque);
            if (status == DEBLUR_AGAIN && i == 0)
                return;
            if (status != DEBLUR_OK)
                fail(status);
        }
        if (pending_.front().number != kDropped)
            ready.push_back(std::move(pending_.front()));
        pending_.pop_front();
    }
}

void Stream::send(Numbered source, std::deque<Numbered> &ready) {
    const VSMap *properties = api_->getFramePropertiesRO(source.frame.get());
    const Tags tags = read_tags(info_, properties, settings_.field, api_);
    const bool reset = reset_ || begins_scene(properties, api_);
    if (tags != tags_ && started_)
        finish(ready);
    if (tags != tags_ || !contexts_[0])
        open(tags);

    VSFrame *restored = api_->copyFrame(source.frame.get(), core_);
    pending_.push_back({source.number, FramePtr(restored, {api_})});
    for (int i = 0; i < tags.pictures; ++i) {
        deblur_frame frame = describe_frame(restored, tags, i, api_);
        frame.strength = settings_.strength;
        frame.reset = reset;
        const int status = deblur_send(contexts_[i], &frame);
        if (status != DEBLUR_OK)
            fail(status);
    }
    started_ = true;
    reset_ = false;
    receive(ready);
}

void Stream::finish(std::deque<Numbered> &ready) {
    for (int i = 0; i < tags_.pictures; ++i) {
        const int status = deblur_send(contexts_[i], nullptr);
        if (status != DEBLUR_OK)
            fail(status);
    }
    receive(ready);
    close();
}

} // namespace deblur::vapoursynth
