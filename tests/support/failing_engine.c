/*
 * An engine that hands every frame back as it is, until it fails where DEBLUR_FAIL says: "open", or
 * "send" or "receive" with the number of calls that succeed, as "send:3".
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/engine_api.h"

enum { CAPACITY = 128, DELAY = 1 };

struct deblur_engine_model {
    int nothing;
};

struct deblur_session {
    deblur_options options;
    void *opaques[CAPACITY];
    int sent, received, ended;
};

static int fails(const deblur_session *session, const char *call, int calls) {
    const char *where = getenv("DEBLUR_FAIL");
    const size_t length = strlen(call);

    if (!where || strncmp(where, call, length) != 0 || (where[length] && where[length] != ':'))
        return 0;
    if (where[length] && calls < strtol(where + length + 1, NULL, 10))
        return 0;
    session->options.log(session->options.log_cookie, DEBLUR_LOG_ERROR, "the device has gone");
    return 1;
}

static int open_model(deblur_engine_model **model, const deblur_options *options,
                      const deblur_checksums *checksums) {
    (void)options;
    (void)checksums;
    *model = calloc(1, sizeof(**model));
    return *model ? DEBLUR_OK : DEBLUR_OUT_OF_MEMORY;
}

static void close_model(deblur_engine_model *model) {
    free(model);
}

static int open_session(deblur_session **session, deblur_engine_model *model,
                        const deblur_options *options, const deblur_format *format) {
    deblur_session *opened = calloc(1, sizeof(*opened));
    char line[64];

    (void)format;
    (void)model;
    if (!opened)
        return DEBLUR_OUT_OF_MEMORY;
    opened->options = *options;
    if (fails(opened, "open", 0)) {
        free(opened);
        return DEBLUR_NO_DEVICE;
    }
    snprintf(line, sizeof(line), "opened on %s", options->device);
    options->log(options->log_cookie, DEBLUR_LOG_DEBUG, line);
    *session = opened;
    return DEBLUR_OK;
}

static int is_full(const deblur_session *session) {
    return session->sent - session->received > DELAY + session->options.queue;
}

static int send_frame(deblur_session *session, const deblur_frame *frame) {
    if (fails(session, "send", session->sent))
        return DEBLUR_FAILURE;
    if (!frame)
        session->ended = 1;
    else if (is_full(session))
        return DEBLUR_AGAIN;
    else
        session->opaques[session->sent++ % CAPACITY] = frame->opaque;
    return DEBLUR_OK;
}

static int receive_result(deblur_session *session, deblur_result *result) {
    const int left = session->sent - session->received;

    if (left == 0 || !(session->ended || is_full(session)))
        return session->ended ? DEBLUR_EOF : DEBLUR_AGAIN;
    if (fails(session, "receive", session->received))
        return DEBLUR_OUT_OF_MEMORY;
    memset(result, 0, sizeof(*result));
    result->opaque = session->opaques[session->received++ % CAPACITY];
    return DEBLUR_OK;
}

static int restart(deblur_session *session, const deblur_format *format) {
    (void)format;
    session->ended = 0;
    return DEBLUR_OK;
}

static int get_delay(const deblur_session *session) {
    (void)session;
    return DELAY;
}

static void close_session(deblur_session *session) {
    free(session);
}

__attribute__((visibility("default")))
const deblur_engine_table deblur_engine = {{DEBLUR_ENGINE_MAGIC, DEBLUR_ENGINE_ABI}, open_model, close_model, open_session, send_frame, receive_result,
    restart, get_delay, close_session};
