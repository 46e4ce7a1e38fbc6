// The public C API: the boundary that no exception crosses.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <libdeblur/deblur.h>

#include <memory>
#include <string>

#include <unistd.h>

#include "base/error.h"
#include "base/sized.h"
#include "library/catalogue.h"
#include "library/engine_loader.h"
#include "library/format.h"
#include "library/log.h"
#include "library/options.h"
#include "library/process_limits.h"
#include "library/selection.h"

struct deblur_context {
    deblur_context(deblur_log_callback callback, void *cookie) : log(callback, cookie) {}
    ~deblur_context() {
        if (open.session)
            open.engine->close(open.session);
    }

    // Whether this thread may call it: not from within a log callback, and not in a child of its process.
    bool is_callable() const { return process == getpid() && !deblur::Log::is_calling_back(); }

    pid_t process = getpid();
    deblur::Log log; // outlives the session, which writes to it
    deblur_format format{};
    deblur::OpenSession open;
};

namespace deblur {

namespace {

// Runs body; turns an exception into a line in the log and a status.
template <class Body> int guarded(Log &log, const Body &body) {
    try {
        return body();
    } catch (...) {
        return report_failure(
            current_failure, [&log](const char *message) { log.write(DEBLUR_LOG_ERROR, message); });
    }
}

int open_context(deblur_context &context, const deblur_options *given) {
    check_process();
    deblur_options options = check_options(given);
    options.threads = resolve_threads(options.threads, context.log);
    check_threads(options.threads);

    // What the weights must be: as asked for, or as the catalogue says.
    std::string model, weights;
    if (options.weights) {
        weights = options.weights;
        const bool any = !options.model || std::string(options.model) == "auto";
        model = any ? "" : canonical_model_name(options.model);
    } else {
        const auto &entry = Catalogue::instance().find(options.model, options.window);
        weights = entry.path;
        options.window = entry.window;
    }
    if (options.refine > 0 && !options.refiner)
        options.refiner = Catalogue::instance().find("brmr", -1).path.c_str();
    options.model = model.empty() ? nullptr : model.c_str();
    options.weights = weights.c_str();
    if (options.width == 0) {
        options.width = context.format.width;
        options.height = context.format.height;
    }
    return open_session(options, context.format, context.log, context.open);
}

} // namespace

} // namespace deblur

unsigned deblur_version(void) {
    return DEBLUR_VERSION_MAJOR << 16 | DEBLUR_VERSION_MINOR << 8 | DEBLUR_VERSION_PATCH;
}

const char *deblur_strerror(int status) {
    switch (status) {
    case DEBLUR_OK:
        return "success";
    case DEBLUR_AGAIN:
        return "not now: the other of send and receive comes first";
    case DEBLUR_EOF:
        return "end of stream";
    case DEBLUR_INVALID_ARGUMENT:
        return "invalid argument";
    case DEBLUR_OUT_OF_MEMORY:
        return "out of memory";
    case DEBLUR_NO_ENGINE:
        return "the engine is missing or does not fit";
    case DEBLUR_NO_DEVICE:
        return "the device is not available";
    case DEBLUR_BAD_WEIGHTS:
        return "the weights are missing, damaged or of another network";
    case DEBLUR_FAILURE:
        return "the restoration failed";
    default:
        return "unknown status";
    }
}

void deblur_default_options_sized(deblur_options *options, size_t struct_size) {
    deblur::hand_out(deblur::default_options(), options, struct_size);
}

void deblur_default_format_sized(deblur_format *format, size_t struct_size) {
    deblur::hand_out(deblur::default_format(), format, struct_size);
}

void deblur_default_frame_sized(deblur_frame *frame, size_t struct_size) {
    deblur::hand_out(deblur::default_frame(), frame, struct_size);
}

int deblur_open(deblur_context **ctx, const deblur_options *options, const deblur_format *format) {
    if (!ctx)
        return DEBLUR_INVALID_ARGUMENT;
    *ctx = nullptr;
    if (deblur::Log::is_calling_back())
        return DEBLUR_INVALID_ARGUMENT;
    // Errors are told to the caller's log even if the options are what is wrong.
    const bool has_log = options && deblur::released_size<deblur_options>(options->struct_size) > 0;
    std::unique_ptr<deblur_context> context(new (std::nothrow) deblur_context(
        has_log ? options->log : nullptr, has_log ? options->log_cookie : nullptr));
    if (!context)
        return DEBLUR_OUT_OF_MEMORY;
    const int status = deblur::guarded(context->log, [&] {
        context->format = deblur::check_format(format);
        return deblur::open_context(*context, options);
    });
    if (status == DEBLUR_OK)
        *ctx = context.release();
    return status;
}

int deblur_send(deblur_context *ctx, const deblur_frame *frame) {
    if (!ctx || !ctx->is_callable())
        return DEBLUR_INVALID_ARGUMENT;
    return deblur::guarded(ctx->log, [&] {
        if (!frame)
            return ctx->open.engine->send(ctx->open.session, nullptr);
        const deblur_frame checked = deblur::check_frame(frame, ctx->format);
        return ctx->open.engine->send(ctx->open.session, &checked);
    });
}

int deblur_receive(deblur_context *ctx, void **opaque) {
    if (!ctx || !opaque || !ctx->is_callable())
        return DEBLUR_INVALID_ARGUMENT;
    deblur_result result{};
    const int status = ctx->open.engine->receive(ctx->open.session, &result);
    if (status == DEBLUR_OK)
        *opaque = result.opaque;
    return status;
}

int deblur_receive_result(deblur_context *ctx, deblur_result *result) {
    if (!ctx || !result || !ctx->is_callable() ||
        deblur::released_size<deblur_result>(result->struct_size) == 0)
        return DEBLUR_INVALID_ARGUMENT;
    deblur_result complete{};
    const int status = ctx->open.engine->receive(ctx->open.session, &complete);
    if (status == DEBLUR_OK)
        deblur::hand_out(complete, result, result->struct_size);
    return status;
}

int deblur_get_delay(const deblur_context *ctx) {
    if (!ctx || !ctx->is_callable())
        return DEBLUR_INVALID_ARGUMENT;
    return ctx->open.engine->delay(ctx->open.session);
}

void deblur_close(deblur_context **ctx) {
    if (!ctx || !*ctx || deblur::Log::is_calling_back())
        return;
    if ((*ctx)->is_callable())
        delete *ctx;
    *ctx = nullptr;
}

int deblur_list_models(int index, deblur_model_info *info) {
    if (deblur::Log::is_calling_back())
        return DEBLUR_INVALID_ARGUMENT;
    deblur::Log log(nullptr, nullptr);
    return deblur::guarded(log, [&]() -> int {
        if (!info || index < 0 || deblur::released_size<deblur_model_info>(info->struct_size) == 0)
            throw deblur::Error(DEBLUR_INVALID_ARGUMENT, "deblur_list_models: invalid argument");
        const auto &entries = deblur::Catalogue::instance().entries();
        if (static_cast<size_t>(index) >= entries.size())
            return DEBLUR_EOF;
        const auto &entry = entries[index];
        deblur::hand_out<deblur_model_info>({0, entry.name.c_str(), entry.description.c_str(),
                                             entry.path.c_str(), entry.window, entry.is_default},
                                            info, info->struct_size);
        return DEBLUR_OK;
    });
}
