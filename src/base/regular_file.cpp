// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/regular_file.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace deblur {

RegularFile::RegularFile(const std::string &path)
    // Opening a FIFO waits for its writer, unless told not to.
    : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {
    if (descriptor_ < 0)
        throw FileError(std::strerror(errno));
    struct stat status {};
    std::string obstacle;
    if (fstat(descriptor_, &status) != 0)
        obstacle = std::strerror(errno);
    else if (!S_ISREG(status.st_mode))
        obstacle = S_ISDIR(status.st_mode) ? "is a directory, must be a regular file"
                                           : "must be a regular file";
    if (!obstacle.empty()) {
        close(descriptor_);
        throw FileError(obstacle);
    }
    size_ = static_cast<uint64_t>(status.st_size);
}

RegularFile::~RegularFile() {
    close(descriptor_);
}

void RegularFile::read(uint64_t offset, void *to, size_t size) const {
    auto *position = static_cast<char *>(to);
    while (size > 0) {
        const ssize_t count = pread(descriptor_, position, size, static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            throw FileError(count < 0 ? std::strerror(errno) : "became shorter while it was read");
        position += count;
        offset += static_cast<uint64_t>(count);
        size -= static_cast<size_t>(count);
    }
}

std::string read_text(const std::string &path, uint64_t limit) {
    const RegularFile file(path);
    if (file.size() > limit)
        throw FileError("has " + std::to_string(file.size()) + " bytes, must have at most " +
                        std::to_string(limit));
    std::string text(file.size(), '\0');
    file.read(0, text.data(), text.size());
    return text;
}

} // namespace deblur
