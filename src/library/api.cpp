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
#include "library/model.h"
#include "library/options.h"
#include "library/process_limits.h"
#include "library/selection.h"

struct deblur_model {
    pid_t process = getpid();
    deblur::LoadedModel loaded;
};

struct deblur_context {
    deblur_context(deblur_log_callback callback, void *cookie) : log(callback, cookie) {}
    ~deblur_context() {
        if (session)
            model.engine->close(session);
    }

    // Whether this thread may call it: not from within a log callback, and not in a child of its process.
    bool is_callable() const { return process == getpid() && !deblur::Log::is_calling_back(); }

    pid_t process = getpid();
    deblur::Log log; // outlives the session, which writes to it
    deblur_format format{};
    deblur::LoadedModel model;
    deblur_session *session = nullptr;
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

// Options of a caller, with what the catalogue adds.
class CompletedOptions {
  public:
    CompletedOptions(const deblur_options *given, Log &log) : options_(check_options(given)) {
        check_process();
        options_.threads = resolve_threads(options_.threads, log);
        options_.log = Log::sink;
        options_.log_cookie = &log;
    }

    // What the weights must be: as asked for, or as the catalogue says.
    void find_model() {
        if (options_.weights) {
            weights_ = options_.weights;
            const bool any = !options_.model || std::string(options_.model) == "auto";
            architecture_ = any ? "" : canonical_model_name(options_.model);
        } else {
            const auto &entry = Catalogue::instance().find(options_.model, options_.window);
            weights_ = entry.path;
            options_.window = entry.window;
            checksums_.weights = text_or_null(entry.sha256);
        }
        if (options_.refine > 0 && !options_.refiner) {
            const auto &entry = Catalogue::instance().find("brmr", -1);
            options_.refiner = entry.path.c_str();
            checksums_.refiner = text_or_null(entry.sha256);
        }
        options_.model = text_or_null(architecture_);
        options_.weights = weights_.c_str();
    }

    void set_size(const deblur_format &format) {
        if (options_.width == 0) {
            options_.width = format.width;
            options_.height = format.height;
        }
    }

    const deblur_options &options() const { return options_; }
    const deblur_checksums &checksums() const { return checksums_; }

  private:
    static const char *text_or_null(const std::string &text) {
        return text.empty() ? nullptr : text.c_str();
    }

    deblur_options options_;
    std::string architecture_, weights_;
    deblur_checksums checksums_{};
};

int open_session(deblur_context &context, const deblur_options &options) {
    check_threads(options.threads);
    return context.model.engine->open(&context.session, context.model.model.get(), &options,
                                      &context.format);
}

int open_context(deblur_context &context, const deblur_options *given) {
    CompletedOptions completed(given, context.log);
    completed.find_model();
    completed.set_size(context.format);
    check_threads(completed.options().threads); // libraries start some when they are loaded
    return with_engine(completed.options(), context.format, context.log,
                       [&](const deblur_engine_table &engine, const deblur_options &options) {
                           const int status =
                               open_model(engine, options, completed.checksums(), context.model);
                           return status == DEBLUR_OK ? open_session(context, options) : status;
                       });
}

int open_context_with(deblur_context &context, const deblur_model &model,
                      const deblur_options *given) {
    if (model.process != getpid())
        throw Error(DEBLUR_INVALID_ARGUMENT, "the model was opened before fork()");
    CompletedOptions completed(given, context.log);
    completed.set_size(context.format);
    context.model = model.loaded;
    return open_session(context, completed.options());
}

int open_shared_model(deblur_model &model, const deblur_options *given, const deblur_format &format,
                      Log &log) {
    CompletedOptions completed(given, log);
    completed.find_model();
    check_threads(completed.options().threads);
    return with_engine(completed.options(), format, log,
                       [&](const deblur_engine_table &engine, const deblur_options &options) {
                           return open_model(engine, options, completed.checksums(), model.loaded);
                       });
}

// The log of options, even of such as are wrong, if they have one.
deblur_options log_of(const deblur_options *options) {
    deblur_options logging{};
    if (options && released_size<deblur_options>(options->struct_size) > 0) {
        logging.log = options->log;
        logging.log_cookie = options->log_cookie;
    }
    return logging;
}

// Opens a context by a function of it.
template <class Open>
int open_by(deblur_context **ctx, const deblur_options *options, const deblur_format *format,
            const Open &open) {
    if (!ctx)
        return DEBLUR_INVALID_ARGUMENT;
    *ctx = nullptr;
    if (Log::is_calling_back())
        return DEBLUR_INVALID_ARGUMENT;
    const deblur_options logging = log_of(options);
    std::unique_ptr<deblur_context> context(new (std::nothrow)
                                                deblur_context(logging.log, logging.log_cookie));
    if (!context)
        return DEBLUR_OUT_OF_MEMORY;
    const int status = guarded(context->log, [&] {
        context->format = check_format(format);
        return open(*context);
    });
    if (status == DEBLUR_OK)
        *ctx = context.release();
    return status;
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

int deblur_model_open(deblur_model **model, const deblur_options *options,
                      const deblur_format *format) {
    if (!model)
        return DEBLUR_INVALID_ARGUMENT;
    *model = nullptr;
    if (deblur::Log::is_calling_back())
        return DEBLUR_INVALID_ARGUMENT;
    const deblur_options logging = deblur::log_of(options);
    deblur::Log log(logging.log, logging.log_cookie);
    return deblur::guarded(log, [&] {
        auto opened = std::make_unique<deblur_model>();
        const auto of = format ? deblur::check_format(format) : deblur::default_format();
        const int status = deblur::open_shared_model(*opened, options, of, log);
        if (status == DEBLUR_OK)
            *model = opened.release();
        return status;
    });
}

void deblur_model_close(deblur_model **model) {
    if (!model || !*model || deblur::Log::is_calling_back())
        return;
    if ((*model)->process == getpid())
        delete *model;
    *model = nullptr;
}

int deblur_open(deblur_context **ctx, const deblur_options *options, const deblur_format *format) {
    return deblur::open_by(ctx, options, format, [&](deblur_context &context) {
        return deblur::open_context(context, options);
    });
}

int deblur_open_with_model(deblur_context **ctx, deblur_model *model, const deblur_options *options,
                           const deblur_format *format) {
    return deblur::open_by(ctx, options, format, [&](deblur_context &context) {
        if (!model)
            throw deblur::Error(DEBLUR_INVALID_ARGUMENT, "deblur_open_with_model: model is NULL");
        return deblur::open_context_with(context, *model, options);
    });
}

int deblur_send(deblur_context *ctx, const deblur_frame *frame) {
    if (!ctx || !ctx->is_callable())
        return DEBLUR_INVALID_ARGUMENT;
    return deblur::guarded(ctx->log, [&] {
        if (!frame)
            return ctx->model.engine->send(ctx->session, nullptr);
        const deblur_frame checked = deblur::check_frame(frame, ctx->format);
        return ctx->model.engine->send(ctx->session, &checked);
    });
}

int deblur_receive(deblur_context *ctx, void **opaque) {
    if (!ctx || !opaque || !ctx->is_callable())
        return DEBLUR_INVALID_ARGUMENT;
    deblur_result result{};
    const int status = ctx->model.engine->receive(ctx->session, &result);
    if (status == DEBLUR_OK)
        *opaque = result.opaque;
    return status;
}

int deblur_receive_result(deblur_context *ctx, deblur_result *result) {
    if (!ctx || !result || !ctx->is_callable() ||
        deblur::released_size<deblur_result>(result->struct_size) == 0)
        return DEBLUR_INVALID_ARGUMENT;
    deblur_result complete{};
    const int status = ctx->model.engine->receive(ctx->session, &complete);
    if (status == DEBLUR_OK)
        deblur::hand_out(complete, result, result->struct_size);
    return status;
}

int deblur_restart(deblur_context *ctx, const deblur_format *format) {
    if (!ctx || !ctx->is_callable())
        return DEBLUR_INVALID_ARGUMENT;
    return deblur::guarded(ctx->log, [&] {
        const deblur_format next = format ? deblur::check_format(format) : ctx->format;
        const deblur_format &first = ctx->format;
        if (next.width != first.width || next.height != first.height || next.field != first.field ||
            next.memory != first.memory || next.cuda_context != first.cuda_context)
            throw deblur::Error(
                DEBLUR_INVALID_ARGUMENT,
                "deblur_restart: width, height, field and memory must be those of the context");
        const int status = ctx->model.engine->restart(ctx->session, &next);
        if (status == DEBLUR_OK)
            ctx->format = next;
        return status;
    });
}

int deblur_get_delay(const deblur_context *ctx) {
    if (!ctx || !ctx->is_callable())
        return DEBLUR_INVALID_ARGUMENT;
    return ctx->model.engine->delay(ctx->session);
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
