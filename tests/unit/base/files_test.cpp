// Files are regular ones or refused, and written whole or not at all.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <filesystem>
#include <fstream>
#include <iterator>

#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/atomic_file.h"
#include "base/regular_file.h"

namespace deblur {
namespace {

using testing::HasSubstr;

class Files : public testing::Test {
  protected:
    void SetUp() override {
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directory(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::string path(const std::string &name) const { return folder_ + "/" + name; }

    std::string contents(const std::string &name) const {
        std::ifstream stream(path(name), std::ios::binary);
        return {std::istreambuf_iterator<char>(stream), {}};
    }

    std::ptrdiff_t count() const {
        return std::distance(std::filesystem::directory_iterator(folder_), {});
    }

    const std::string folder_ = testing::TempDir() + "files-test";
};

std::string read_error(const std::string &path, uint64_t limit = 1000) {
    try {
        read_text(path, limit);
    } catch (const FileError &error) {
        return error.what();
    }
    return "read";
}

TEST_F(Files, ReadsWhatIsThere) {
    std::ofstream(path("a")) << "text";
    EXPECT_EQ(read_text(path("a"), 4), "text");
    EXPECT_THAT(read_error(path("a"), 3), HasSubstr("4 bytes"));
    std::filesystem::create_symlink("a", path("link"));
    EXPECT_EQ(read_text(path("link"), 4), "text");
}

TEST_F(Files, RefusesWhatIsNoRegularFileWithoutWaiting) {
    ASSERT_EQ(mkfifo(path("fifo").c_str(), 0600), 0);
    EXPECT_THAT(read_error(path("fifo")), HasSubstr("must be a regular file"));
    EXPECT_THAT(read_error("/dev/zero"), HasSubstr("must be a regular file"));
    EXPECT_THAT(read_error(folder_), HasSubstr("is a directory"));
    EXPECT_THAT(read_error(path("missing")), HasSubstr("No such file"));
}

TEST_F(Files, AReadBehindTheEndIsAnError) {
    std::ofstream(path("a")) << "text";
    const RegularFile file(path("a"));
    std::filesystem::resize_file(path("a"), 2);
    char bytes[4];
    EXPECT_THROW(file.read(0, bytes, file.size()), FileError);
}

TEST_F(Files, AnUncommittedFileLeavesTheOldOne) {
    std::ofstream(path("a")) << "old";
    {
        AtomicFile file(path("a"));
        file.write("new", 3);
        EXPECT_EQ(contents("a"), "old");
    }
    EXPECT_EQ(contents("a"), "old");
    EXPECT_EQ(count(), 1);
}

TEST_F(Files, TwoWritersKeepApart) {
    AtomicFile one(path("a")), other(path("a"));
    one.write("one", 3);
    other.write("other", 5);
    other.commit();
    one.commit();
    EXPECT_EQ(contents("a"), "one");
    EXPECT_EQ(count(), 1);
}

TEST_F(Files, AFailedWriteLeavesNothing) {
    signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    rlimit small = before;
    small.rlim_cur = 100;
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
    const std::string long_text(1000, 'x');
    EXPECT_THROW(
        {
            AtomicFile file(path("a"));
            file.write(long_text.data(), long_text.size());
            file.commit();
        },
        FileError);
    setrlimit(RLIMIT_FSIZE, &before);
    EXPECT_EQ(count(), 0);
}

TEST_F(Files, AFolderThatIsNotThereIsAnError) {
    EXPECT_THROW(AtomicFile(path("no/such")), FileError);
}

} // namespace
} // namespace deblur
