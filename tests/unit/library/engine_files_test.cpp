// Files that are no engines, and environments in which none may be loaded.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/library/stream.h"

namespace deblur {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class EngineFiles : public testing::Test {
  protected:
    void SetUp() override { setenv("DEBLUR_ENGINE", path_.c_str(), 1); }
    void TearDown() override {
        unsetenv("DEBLUR_ENGINE");
        std::filesystem::remove(path_);
    }

    std::string open_error() {
        test::Log log;
        auto options = test::exact_options(weights_);
        log.attach(options);
        const auto format = test::make_format("yuv420p", 16, 16);
        deblur_context *context = nullptr;
        status_ = deblur_open(&context, &options, &format);
        deblur_close(&context);
        return log.error();
    }

    const std::string path_ = testing::TempDir() + std::to_string(getpid()) + "-engine.so";
    test::Weights weights_{{"cnn", 0, true}};
    int status_ = DEBLUR_OK;
};

TEST_F(EngineFiles, WhatIsNoEngineIsNamed) {
    EXPECT_THAT(open_error(),
                AllOf(HasSubstr(path_), HasSubstr("No such file"), HasSubstr("DEBLUR_ENGINE")));
    EXPECT_EQ(status_, DEBLUR_NO_ENGINE);
    std::ofstream(path_) << "text";
    EXPECT_THAT(open_error(), HasSubstr("is no shared object"));
    std::ofstream(path_) << std::string(1000, 'x');
    EXPECT_THAT(open_error(), HasSubstr("is no shared object"));
    std::filesystem::remove(path_);
    ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
    EXPECT_THAT(open_error(), HasSubstr("regular file"));
}

TEST_F(EngineFiles, TruncatedOnesAreRefused) {
    const auto size = std::filesystem::file_size(DEBLUR_OLD_ENGINE_FILE);
    for (const uint64_t left :
         {uint64_t{63}, uint64_t{64}, uint64_t{200}, uint64_t{4096}, uint64_t{size / 2}}) {
        std::filesystem::copy_file(DEBLUR_OLD_ENGINE_FILE, path_,
                                   std::filesystem::copy_options::overwrite_existing);
        std::filesystem::resize_file(path_, left);
        EXPECT_THAT(open_error(), HasSubstr(left < 64 ? "no shared object" : "truncated")) << left;
    }
}

TEST_F(EngineFiles, AreNotLoadedWithoutAddressSpace) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "sanitizers need all of it";
#endif
    std::filesystem::copy_file(DEBLUR_OLD_ENGINE_FILE, path_);
    unsigned long pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    rlimit before{};
    getrlimit(RLIMIT_AS, &before);
    rlimit small = before;
    small.rlim_cur = pages * static_cast<unsigned long>(sysconf(_SC_PAGESIZE)) + (100 << 20);
    ASSERT_EQ(setrlimit(RLIMIT_AS, &small), 0);
    EXPECT_THAT(open_error(),
                AllOf(HasSubstr("address space"), HasSubstr("MiB"), HasSubstr("ulimit -v")));
    EXPECT_EQ(status_, DEBLUR_OUT_OF_MEMORY);
    setrlimit(RLIMIT_AS, &before);
    EXPECT_THAT(open_error(), HasSubstr("version 0 of the interface"));
}

// Shared objects with a symbol of the engine's name that is something else.
TEST_F(EngineFiles, OtherObjectsAreRefused) {
    for (const char *other :
         {DEBLUR_NO_ENGINE_FUNCTION_FILE, DEBLUR_NO_ENGINE_WORD_FILE, DEBLUR_NO_ENGINE_TEXT_FILE}) {
        setenv("DEBLUR_ENGINE", other, 1);
        EXPECT_THAT(open_error(), AllOf(HasSubstr(other), HasSubstr("is not an engine")));
        EXPECT_EQ(status_, DEBLUR_NO_ENGINE);
    }
}

} // namespace
} // namespace deblur
