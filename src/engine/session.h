// One stream behind the C API: a queue, a worker thread, and errors that stay.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <condition_variable>
#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include <libdeblur/deblur.h>

#include "engine/backend.h"
#include "engine/placed_model.h"
#include "engine/restorer.h"

namespace deblur {

/// Sends return at once, the worker restores, receives hand out in order. Used by one thread at a
/// time.
class Session {
  public:
    /// Prepares the network for the stream and starts the worker.
    ///
    /// @param options completed by the library (engine_api.h); the strings are not used
    /// @throws Error and what the backend throws
    Session(std::shared_ptr<const PlacedModel> model, const deblur_options &options,
            const deblur_format &format, const Backend &backend);

    /// Waits for the frame in work, drops the others.
    ~Session();

    Session(const Session &) = delete;
    Session &operator=(const Session &) = delete;

    deblur_status send(const deblur_frame *frame);      ///< as deblur_send()
    deblur_status receive(deblur_result *result);       ///< as deblur_receive_result()
    deblur_status restart(const deblur_format &format); ///< as deblur_restart()
    int delay() const { return delay_; }

  private:
    struct Restart {
        deblur_format format{};
        std::promise<void> done;
    };

    Restorer make_restorer(const deblur_format &format);
    void work(const deblur_format &format, std::promise<void> &promise);
    void restore(Restorer &restorer);
    bool restore_to_end(Restorer &restorer);
    bool wait_for_restart(Restart &restart);
    bool has_work();
    bool is_full() const; ///< of frames on their way: receive before you send; with the mutex
    bool wait_for_work(deblur_frame &frame);
    void fail(deblur_status status);

    const std::shared_ptr<const PlacedModel> model_;
    deblur_options options_;
    const Backend &backend_;
    int delay_ = 0;

    std::mutex mutex_; // guards everything below
    std::condition_variable work_changed_, result_changed_;
    std::deque<deblur_frame> queue_;     // sent, not yet taken by the worker
    std::deque<deblur_result> finished_; // restored frames
    size_t on_their_way_ = 0;            // sent, not yet received
    bool ended_ = false, closing_ = false;
    std::optional<Restart> restart_;   // asked for, not yet taken by the worker
    deblur_status status_ = DEBLUR_OK; // the first error

    std::thread worker_; // last: starts when everything else is there
};

} // namespace deblur
