// SPDX-License-Identifier: LGPL-2.1-or-later
#include "library/options.h"

#include <algorithm>
#include <cctype>
#include <sstream>
#include <string>

#include "base/error.h"
#include "base/in_quotes.h"
#include "base/sized.h"
#include "library/format.h"

namespace deblur {

namespace {

constexpr int kMaxWindow = 3, kMaxThreads = 1024, kMaxQueue = 64, kMaxPasses = 64, kMaxRefine = 64;
constexpr int kMaxMemory = 1 << 20; // MiB

// Written so that a NaN is out of range.
template <class Number>
void require_range(const char *name, Number value, Number low, Number high, const char *note = "") {
    if (value >= low && value <= high)
        return;
    std::ostringstream message;
    message << name << " is " << value << ", valid are " << low << " to " << high << note;
    throw Error(DEBLUR_INVALID_ARGUMENT, message.str());
}

bool is_device(const std::string &name) {
    if (name == "auto" || name == "cpu" || name == "cuda")
        return true;
    return name.rfind("cuda:", 0) == 0 && name.size() > 5 && name.size() <= 8 &&
           std::all_of(name.begin() + 5, name.end(),
                       [](unsigned char digit) { return std::isdigit(digit); });
}

} // namespace

deblur_options default_options() {
    deblur_options options{};
    options.struct_size = sizeof options;
    options.window = -1;
    options.scene = 10;
    options.queue = 2;
    options.passes = 3;
    return options;
}

deblur_options check_options(const deblur_options *given) {
    deblur_options options = adopt(given, default_options(), "deblur_options");
    if (!options.device)
        options.device = "auto";

    require_range("window", options.window, -1, kMaxWindow, " (-1: what the model has)");
    if (options.width != 0 || options.height != 0)
        check_size(options.width, options.height, "working ",
                   ", or 0 x 0 for the size of the pictures");
    if (!is_device(options.device))
        throw Error(DEBLUR_INVALID_ARGUMENT, "device is " + in_quotes(options.device) +
                                                 ", valid are auto, cpu, cuda and cuda:N");
    require_range("precision", number_of(options.precision), int{DEBLUR_PRECISION_AUTO},
                  int{DEBLUR_PRECISION_INT8}, " (auto, fp32, bf16, fp16, int8)");
    require_range("threads", options.threads, 0, kMaxThreads, " (0: one per core)");
    require_range("scene", options.scene, 0.0f, 100.0f, " (0: no detection)");
    require_range("queue", options.queue, 0, kMaxQueue);
    require_range("focus", options.focus, 0.0f, 1.0f);
    require_range("passes", options.passes, 0, kMaxPasses);
    require_range("refine", options.refine, 0, kMaxRefine);
    require_range("memory", options.memory, 0, kMaxMemory, " (MiB; 0: what is free)");
    return options;
}

} // namespace deblur
