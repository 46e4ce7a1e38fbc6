// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/atomic_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <random>

#include <fcntl.h>
#include <unistd.h>

namespace deblur {

namespace {

[[noreturn]] void fail() {
    throw FileError(std::strerror(errno));
}

std::string folder_of(const std::string &path) {
    const size_t slash = path.rfind('/');
    return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

// Makes the rename last; not every file system lets folders be flushed.
void flush_folder(const std::string &path) {
    const int folder = open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return;
    fsync(folder);
    close(folder);
}

} // namespace

AtomicFile::AtomicFile(std::string path) : path_(std::move(path)) {
    std::random_device random;
    do {
        char suffix[32];
        std::snprintf(suffix, sizeof suffix, ".%08x.partial", random());
        temporary_ = path_ + suffix;
        descriptor_ = open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    } while (descriptor_ < 0 && errno == EEXIST);
    if (descriptor_ < 0)
        fail();
}

AtomicFile::~AtomicFile() {
    if (descriptor_ >= 0)
        close(descriptor_);
    if (!temporary_.empty())
        unlink(temporary_.c_str());
}

void AtomicFile::write(const void *data, size_t size) {
    const auto *position = static_cast<const char *>(data);
    while (size > 0) {
        const ssize_t count = ::write(descriptor_, position, size);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            fail();
        position += count;
        size -= static_cast<size_t>(count);
    }
}

void AtomicFile::commit() {
    if (fsync(descriptor_) != 0)
        fail();
    const int descriptor = descriptor_;
    descriptor_ = -1;
    if (close(descriptor) != 0 || std::rename(temporary_.c_str(), path_.c_str()) != 0)
        fail();
    temporary_.clear();
    flush_folder(path_);
}

} // namespace deblur
