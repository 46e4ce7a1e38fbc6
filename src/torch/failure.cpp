// SPDX-License-Identifier: LGPL-2.1-or-later
#include "torch/failure.h"

#include <c10/util/Exception.h>

namespace deblur {

namespace {

std::string first_line(const std::string &text) {
    return text.substr(0, text.find('\n'));
}

} // namespace

Failure current_torch_failure() {
    try {
        throw;
    } catch (const c10::OutOfMemoryError &error) {
        return {DEBLUR_OUT_OF_MEMORY, first_line(error.what_without_backtrace())};
    } catch (const c10::Error &error) {
        const std::string message = first_line(error.what_without_backtrace());
        // The CPU's allocator has no exception of its own.
        const bool memory = message.find("DefaultCPUAllocator") != std::string::npos;
        return {memory ? DEBLUR_OUT_OF_MEMORY : DEBLUR_FAILURE, message};
    } catch (...) {
        return current_failure();
    }
}

} // namespace deblur
