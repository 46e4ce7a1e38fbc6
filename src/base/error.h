// What can go wrong, on its way to a C boundary: no exception crosses one.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <exception>
#include <new>
#include <stdexcept>
#include <string>

#include <libdeblur/deblur.h>

namespace deblur {

/// An error with the deblur_status that the caller will see. The message is one line that names the
/// offending value and what is valid.
class Error : public std::runtime_error {
  public:
    Error(deblur_status status, const std::string &message)
        : std::runtime_error(message), status_(status) {}
    deblur_status status() const { return status_; }

  private:
    deblur_status status_;
};

/// An exception as a C API reports it.
struct Failure {
    deblur_status status;
    std::string message;
};

/// Describes the exception that is being handled; for use in a catch block at a C boundary.
inline Failure current_failure() {
    try {
        throw;
    } catch (const Error &error) {
        return {error.status(), error.what()};
    } catch (const std::bad_alloc &) {
        return {DEBLUR_OUT_OF_MEMORY, "out of memory"};
    } catch (const std::exception &error) {
        return {DEBLUR_FAILURE, error.what()};
    } catch (...) {
        return {DEBLUR_FAILURE, "unknown exception"};
    }
}

/// Tells of the exception that is being handled, in a catch block at a C boundary. Does not throw: where memory
/// does not suffice for the words, it says just that.
///
/// @param describe makes the Failure
/// @param tell is called with its message
/// @return its status
template <class Describe, class Tell>
int report_failure(const Describe &describe, const Tell &tell) noexcept {
    Failure failure{DEBLUR_OUT_OF_MEMORY, ""};
    const char *message = "out of memory";
    try {
        failure = describe();
        message = failure.message.c_str();
    } catch (const std::bad_alloc &) {
    }
    tell(message);
    return failure.status;
}

} // namespace deblur
