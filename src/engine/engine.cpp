// The engine module's table: the C boundary, which no exception crosses.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/engine_api.h"

#include "engine/backend.h"
#include "engine/failure.h"
#include "engine/session.h"

struct deblur_session {
    deblur_session(const deblur_options &given, const deblur_format &format)
        : options(given), session(given, format, deblur::module_backend()) {}

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

int open(deblur_session **session, const deblur_options *options, const deblur_format *format) {
    return guarded(*options, [&] {
        *session = new deblur_session(*options, *format);
        return DEBLUR_OK;
    });
}

int send(deblur_session *session, const deblur_frame *frame) {
    return guarded(session->options, [&] { return session->session.send(frame); });
}

int receive(deblur_session *session, deblur_result *result) {
    return guarded(session->options, [&] { return session->session.receive(result); });
}

int delay(const deblur_session *session) {
    return session->session.delay();
}

void close(deblur_session *session) {
    delete session;
}

} // namespace

extern "C" __attribute__((visibility("default")))
const deblur_engine_table deblur_engine = {DEBLUR_ENGINE_ABI, open, send, receive, delay, close};
