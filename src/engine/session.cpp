// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/session.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/error.h"
#include "engine/failure.h"
#include "engine/model_cache.h"

namespace deblur {

namespace {

int resolve_threads(int threads) {
    return threads > 0 ? threads
                       : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

void check_network(const NetworkConfig &config, const deblur_options &options) {
    const std::string prefix = std::string("weights '") + options.weights + "': ";
    if (options.model && config.architecture != options.model)
        throw Error(DEBLUR_BAD_WEIGHTS, prefix + "the model is '" + config.architecture +
                                            "', not '" + options.model + "'");
    if (options.window >= 0 && config.window != options.window)
        throw Error(DEBLUR_BAD_WEIGHTS, prefix +
                                            "the window is m = " + std::to_string(config.window) +
                                            ", not m = " + std::to_string(options.window));
}

void check_mask(const Model &model, const deblur_options &options) {
    if ((options.mask || options.focus > 0) && !model.architecture.has_map())
        throw Error(DEBLUR_INVALID_ARGUMENT, "model '" + model.config.architecture + "' has no mask to " +
                                                 (options.mask ? "show" : "focus by") +
                                                 ", models that have are: " + architectures_with_map());
}

// The second model, of refine=N; nullptr if there is none.
ModelPtr open_refiner(const deblur_options &options) {
    if (options.refine == 0)
        return nullptr;
    auto refiner = shared_model(options.refiner);
    if (!refiner->architecture.refines_regions())
        throw Error(DEBLUR_BAD_WEIGHTS, std::string("weights '") + options.refiner + "': the model '" +
                                            refiner->config.architecture + "' refines no regions, brmr does");
    return refiner;
}

} // namespace

Session::Session(const deblur_options &options, const deblur_format &format, const Backend &backend)
    : options_(options), backend_(backend) {
    options_.threads = resolve_threads(options.threads);
    std::promise<void> opened;
    auto is_open = opened.get_future();
    worker_ = std::thread(&Session::work, this, format, std::move(opened));
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
    const Placement placement = backend_.place(options_.device, options_.precision);
    const ModelPtr model = shared_model(options_.weights);
    check_network(model->config, options_);
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
    of_network.refiner = open_refiner(options_);
    of_network.refine = options_.refine;
    of_network.focus = options_.focus;
    of_network.memory = int64_t{options_.memory} << 20;
    const std::string choice =
        model->config.architecture + " with m = " + std::to_string(delay_) + " from '" +
        options_.weights + "' on " + to_string(placement) + " at " +
        std::to_string(options_.width) + "x" + std::to_string(options_.height) + ", " +
        std::to_string(options_.threads) + " threads";
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
void Session::work(const deblur_format &format, std::promise<void> opened) {
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
        deblur_frame frame;
        while (wait_for_work(frame)) {
            restorer.take(frame);
            if (!has_work())
                restorer.settle(); // or the caller would wait for it while this waits for the caller
        }
        const bool closing = [this] {
            const std::lock_guard lock(mutex_);
            return closing_;
        }();
        if (!closing)
            restorer.finish();
    } catch (...) {
        fail(static_cast<deblur_status>(report_engine_failure(backend_, options_)));
    }
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

} // namespace deblur
