// Writing of files that exist as a whole or not at all.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>

#include "base/regular_file.h"

namespace deblur {

/// A file that takes its name once its contents are on the disk: until then, and if that fails, the name
/// keeps what it had.
class AtomicFile {
  public:
    /// Creates a temporary file beside path, under a name that no other file has.
    ///
    /// @throws FileError
    explicit AtomicFile(std::string path);

    /// Removes the temporary file, unless it was committed.
    ~AtomicFile();
    AtomicFile(const AtomicFile &) = delete;
    AtomicFile &operator=(const AtomicFile &) = delete;

    void write(const void *data, size_t size); ///< @throws FileError

    /// Flushes the contents to the disk, then renames. The last call.
    ///
    /// @throws FileError
    void commit();

  private:
    std::string path_, temporary_; // temporary_ is empty when there is none to remove
    int descriptor_ = -1;
};

} // namespace deblur
