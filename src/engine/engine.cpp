// The engine module's table: the C boundary, which no exception crosses.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/engine_api.h"

#include <future>
#include <memory>

#include "engine/backend.h"
#include "engine/failure.h"
#include "engine/placed_model.h"
#include "engine/session.h"

struct deblur_engine_model {
    std::shared_ptr<const deblur::PlacedModel> model;
};

struct deblur_session {
    deblur_session(const deblur_engine_model &model, const deblur_options &given,
                   const deblur_format &format)
        : options(given), session(model.model, given, format, deblur::module_backend()) {}

    deblur_options options; // for the log
    deblur::Session session;
};

namespace {

// Runs body; turns an exception into a line in the log and a status.
template <class Body> int guarded(const deblur_options &options, const Body &body) {
    try {
        return body();
    } catch (...) {
        return deblur::report_engine_failure(deblur::module_backend(), options);
    }
}

// In a thread of its own: OpenMP keeps threads for each thread that ever had work for several.
int open_model(deblur_engine_model **model, const deblur_options *options,
               const deblur_checksums *checksums) {
    return guarded(*options, [&] {
        auto loaded = std::async(std::launch::async, [&] {
            return deblur::load_model(*options, *checksums, deblur::module_backend());
        });
        *model = new deblur_engine_model{loaded.get()};
        return DEBLUR_OK;
    });
}

void close_model(deblur_engine_model *model) {
    delete model;
}

int open(deblur_session **session, deblur_engine_model *model, const deblur_options *options,
         const deblur_format *format) {
    return guarded(*options, [&] {
        *session = new deblur_session(*model, *options, *format);
        return DEBLUR_OK;
    });
}

int send(deblur_session *session, const deblur_frame *frame) {
    return guarded(session->options, [&] { return session->session.send(frame); });
}

int receive(deblur_session *session, deblur_result *result) {
    return guarded(session->options, [&] { return session->session.receive(result); });
}

int restart(deblur_session *session, const deblur_format *format) {
    return guarded(session->options, [&] { return session->session.restart(*format); });
}

int delay(const deblur_session *session) {
    return session->session.delay();
}

void close(deblur_session *session) {
    delete session;
}

} // namespace

extern "C" __attribute__((visibility("default")))
const deblur_engine_table deblur_engine = {{DEBLUR_ENGINE_MAGIC, DEBLUR_ENGINE_ABI},
                                           open_model,
                                           close_model,
                                           open,
                                           send,
                                           receive,
                                           restart,
                                           delay,
                                           close};
