// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/session.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "base/error.h"
#include "engine/failure.h"

namespace deblur {

namespace {

void check_mask(const Model &model, const deblur_options &options) {
    if ((options.mask || options.focus > 0) && !model.architecture.has_map())
        throw Error(DEBLUR_INVALID_ARGUMENT, "model '" + model.config.architecture + "' has no mask to " +
                                                 (options.mask ? "show" : "focus by") +
                                                 ", models that have are: " + architectures_with_map());
}

// Of refine=N; nullptr if there is none.
ModelPtr refiner_of(const PlacedModel &model, const deblur_options &options) {
    if (options.refine > 0 && !model.refiner)
        throw Error(DEBLUR_INVALID_ARGUMENT, "refine is " + std::to_string(options.refine) +
                                                 ", must be 0 for a model that was opened with refine = 0");
    return options.refine > 0 ? model.refiner : nullptr;
}

} // namespace

Session::Session(std::shared_ptr<const PlacedModel> model, const deblur_options &options,
                 const deblur_format &format, const Backend &backend)
    : model_(std::move(model)), options_(options), backend_(backend) {
    std::promise<void> opened;
    auto is_open = opened.get_future();
    // By reference: where no thread can be made, the promise goes after its future, and nothing has to be told.
    worker_ = std::thread(&Session::work, this, format, std::ref(opened));
    try {
        is_open.get();
    } catch (...) {
        worker_.join();
        throw;
    }
}

Session::~Session() {
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
    }
    work_changed_.notify_one();
    worker_.join();
}

Restorer Session::make_restorer(const deblur_format &format) {
    const ModelPtr &model = model_->model;
    const Placement &placement = model_->placement;
    check_mask(*model, options_);
    delay_ = model->config.window;

    const auto log = [this](deblur_log_level level, const std::string &message) {
        options_.log(options_.log_cookie, level, message.c_str());
    };
    Restorer::Settings settings{delay_,  options_.scene, options_.stats != 0, options_.mask != 0,
                                nullptr, nullptr};
    settings.finished = [this](const deblur_result &result) {
        {
            const std::lock_guard lock(mutex_);
            finished_.push_back(result);
        }
        result_changed_.notify_one();
    };
    settings.warn = [log](const std::string &message) { log(DEBLUR_LOG_WARNING, message); };
    InferenceSettings of_network;
    of_network.precision = placement.precision;
    of_network.height = options_.height;
    of_network.width = options_.width;
    of_network.threads = options_.threads;
    of_network.passes = options_.passes;
    of_network.refiner = refiner_of(*model_, options_);
    of_network.refine = options_.refine;
    of_network.focus = options_.focus;
    of_network.memory = int64_t{options_.memory} << 20;
    const std::string choice =
        model->config.architecture + " with m = " + std::to_string(delay_) + " from '" + model_->path +
        "' on " + to_string(placement) + " at " + std::to_string(options_.width) + "x" +
        std::to_string(options_.height) + ", " + std::to_string(options_.threads) + " threads";
    auto stream = backend_.make_stream(model, of_network, placement.device, format, log);
    log(DEBLUR_LOG_INFO, choice);
    return Restorer(std::move(settings), std::move(stream));
}

bool Session::has_work() {
    const std::lock_guard lock(mutex_);
    return !queue_.empty();
}

// Whether there is a frame to take; if not, the stream ended or the session closes.
bool Session::wait_for_work(deblur_frame &frame) {
    std::unique_lock lock(mutex_);
    work_changed_.wait(lock, [this] { return closing_ || ended_ || !queue_.empty(); });
    if (closing_ || queue_.empty())
        return false;
    frame = queue_.front();
    queue_.pop_front();
    return true;
}

// Everything that computes is of this one thread. OpenMP keeps threads for each thread that ever had work
// for several, and with more of them than processors it lets them sleep between two layers.
void Session::work(const deblur_format &format, std::promise<void> &promise) {
    auto opened = std::move(promise); // which ends when it is kept
    std::optional<Restorer> made;
    try {
        made.emplace(make_restorer(format));
    } catch (...) {
        opened.set_exception(std::current_exception());
        return;
    }
    opened.set_value();
    restore(*made);
}

void Session::restore(Restorer &restorer) {
    try {
        Restart restart;
        while (restore_to_end(restorer) && wait_for_restart(restart))
            try {
                restorer.restart(restart.format);
                restart.done.set_value();
            } catch (...) {
                fail(backend_.current_failure().status);
                restart.done.set_exception(std::current_exception());
                return;
            }
    } catch (...) {
        fail(static_cast<deblur_status>(report_engine_failure(backend_, options_)));
    }
}

// Whether the stream ended; if not, the session closes.
bool Session::restore_to_end(Restorer &restorer) {
    deblur_frame frame;
    while (wait_for_work(frame)) {
        restorer.take(frame);
        if (!has_work())
            restorer.settle(); // or the caller would wait for it while this waits for the caller
    }
    {
        const std::lock_guard lock(mutex_);
        if (closing_)
            return false;
    }
    restorer.finish();
    return true;
}

bool Session::wait_for_restart(Restart &restart) {
    std::unique_lock lock(mutex_);
    work_changed_.wait(lock, [this] { return closing_ || restart_; });
    if (closing_)
        return false;
    restart = std::move(*restart_);
    restart_.reset();
    ended_ = false;
    return true;
}

void Session::fail(deblur_status status) {
    {
        const std::lock_guard lock(mutex_);
        status_ = status;
    }
    result_changed_.notify_one();
}

bool Session::is_full() const {
    return on_their_way_ > static_cast<size_t>(delay_) + static_cast<size_t>(options_.queue);
}

deblur_status Session::send(const deblur_frame *frame) {
    {
        const std::lock_guard lock(mutex_);
        if (status_ != DEBLUR_OK)
            return status_;
        if (ended_)
            throw Error(DEBLUR_INVALID_ARGUMENT, "a frame was sent after the end of the stream");
        if (!frame) {
            ended_ = true;
        } else if (is_full()) {
            return DEBLUR_AGAIN;
        } else {
            queue_.push_back(*frame);
            ++on_their_way_;
        }
    }
    work_changed_.notify_one();
    return DEBLUR_OK;
}

deblur_status Session::receive(deblur_result *result) {
    std::unique_lock lock(mutex_);
    if ((ended_ && on_their_way_ > 0) || is_full())
        result_changed_.wait(lock, [this] { return !finished_.empty() || status_ != DEBLUR_OK; });
    if (!finished_.empty()) {
        *result = finished_.front();
        finished_.pop_front();
        --on_their_way_;
        return DEBLUR_OK;
    }
    if (status_ != DEBLUR_OK)
        return status_;
    return ended_ ? DEBLUR_EOF : DEBLUR_AGAIN;
}

deblur_status Session::restart(const deblur_format &format) {
    std::future<void> done;
    {
        const std::lock_guard lock(mutex_);
        if (status_ != DEBLUR_OK)
            return status_;
        if (!ended_ || on_their_way_ > 0)
            throw Error(DEBLUR_INVALID_ARGUMENT,
                        "a stream was to restart before deblur_receive() returned DEBLUR_EOF");
        restart_.emplace();
        restart_->format = format;
        done = restart_->done.get_future();
    }
    work_changed_.notify_one();
    done.get();
    return DEBLUR_OK;
}

} // namespace deblur
