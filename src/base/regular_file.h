// Reading of files whose names come from others.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace deblur {

/// A file that cannot be opened, read or written. The message is the cause alone, without the file's name.
class FileError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// A regular file that is open for reading.
class RegularFile {
  public:
    /// Refuses folders, devices, sockets and FIFOs, and never waits for one.
    ///
    /// @throws FileError
    explicit RegularFile(const std::string &path);
    ~RegularFile();
    RegularFile(const RegularFile &) = delete;
    RegularFile &operator=(const RegularFile &) = delete;

    uint64_t size() const { return size_; } ///< bytes, when the file was opened

    /// Reads size bytes that begin at offset.
    ///
    /// @throws FileError also if the file ends before
    void read(uint64_t offset, void *to, size_t size) const;

  private:
    int descriptor_;
    uint64_t size_ = 0;
};

/// The whole of a regular file.
///
/// @throws FileError also if it is larger than limit bytes
std::string read_text(const std::string &path, uint64_t limit);

} // namespace deblur
