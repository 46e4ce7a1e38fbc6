// What a process may not do with contexts, and what it may not be given.
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
using testing::ElementsAre;
using testing::HasSubstr;

class ProcessTest : public testing::Test {
  protected:
    deblur_options options() {
        auto options = test::exact_options(weights_);
        log_.attach(options);
        return options;
    }

    int open(deblur_context **context) {
        const auto given = options();
        return deblur_open(context, &given, &format_);
    }

    // Runs body in a child; whether it returned true, within the time that a hang would take.
    template <class Body> static bool in_child(const Body &body) {
        const pid_t child = fork();
        if (child == 0) {
            alarm(20);
            _exit(body() ? 0 : 1);
        }
        int status = -1;
        waitpid(child, &status, 0);
        return WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }

    test::Weights weights_{{"cnn", 0, true}};
    deblur_format format_ = test::make_format("yuv420p", 16, 16);
    test::Log log_;
};

TEST_F(ProcessTest, ContextsAreNotInherited) {
    deblur_context *context = nullptr;
    ASSERT_EQ(open(&context), DEBLUR_OK);
    EXPECT_TRUE(in_child([&] {
        void *opaque = nullptr;
        deblur_result result{sizeof result, nullptr, 0, 0, 0, 0};
        const bool are_refused =
            deblur_send(context, nullptr) == DEBLUR_INVALID_ARGUMENT &&
            deblur_receive(context, &opaque) == DEBLUR_INVALID_ARGUMENT &&
            deblur_receive_result(context, &result) == DEBLUR_INVALID_ARGUMENT &&
            deblur_get_delay(context) == DEBLUR_INVALID_ARGUMENT;
        deblur_close(&context);
        return are_refused && !context;
    }));
    EXPECT_TRUE(in_child([&] {
        deblur_context *another = nullptr;
        return open(&another) == DEBLUR_NO_ENGINE &&
               log_.error().find("fork()") != std::string::npos;
    }));
    EXPECT_EQ(deblur_send(context, nullptr), DEBLUR_OK);
    void *opaque = nullptr;
    EXPECT_EQ(deblur_receive(context, &opaque), DEBLUR_EOF);
    deblur_close(&context);
}

struct Caller {
    deblur_context **context;
    const deblur_options *options;
    const deblur_format *format;
    int calls = 0, refused = 0;
};

// A callback that calls everything.
void call_back(void *cookie, deblur_log_level, const char *) {
    auto &caller = *static_cast<Caller *>(cookie);
    deblur_context *another = nullptr;
    deblur_model_info info{};
    info.struct_size = sizeof info;
    void *opaque = nullptr;
    ++caller.calls;
    caller.refused +=
        deblur_open(&another, caller.options, caller.format) == DEBLUR_INVALID_ARGUMENT &&
        deblur_list_models(0, &info) == DEBLUR_INVALID_ARGUMENT &&
        deblur_send(*caller.context, nullptr) == DEBLUR_INVALID_ARGUMENT &&
        deblur_receive(*caller.context, &opaque) == DEBLUR_INVALID_ARGUMENT &&
        deblur_get_delay(*caller.context) == DEBLUR_INVALID_ARGUMENT;
    deblur_context *const before = *caller.context;
    deblur_close(caller.context);
    caller.refused -= *caller.context != before;
}

TEST_F(ProcessTest, LogCallbacksThatCallTheLibraryAreRefused) {
    auto options = test::exact_options(weights_);
    deblur_context *context = nullptr;
    Caller caller{&context, &options, &format_};
    options.log = call_back;
    options.log_cookie = &caller;
    ASSERT_EQ(deblur_open(&context, &options, &format_), DEBLUR_OK);
    const int calls = caller.calls;
    EXPECT_GT(calls, 0);
    deblur_frame empty;
    deblur_default_frame(&empty);
    EXPECT_EQ(deblur_send(context, &empty), DEBLUR_INVALID_ARGUMENT); // which the log is told
    EXPECT_GT(caller.calls, calls);
    EXPECT_EQ(caller.refused, caller.calls);
    deblur_close(&context);
    EXPECT_EQ(context, nullptr);
}

TEST_F(ProcessTest, MoreThreadsThanHelpAreReduced) {
    auto many = options();
    many.threads = 1024;
    deblur_context *context = nullptr;
    EXPECT_EQ(deblur_open(&context, &many, &format_), DEBLUR_OK);
    EXPECT_THAT(log_.at(DEBLUR_LOG_WARNING),
                ElementsAre(AllOf(HasSubstr("threads is 1024"), HasSubstr("are used"))));
    deblur_close(&context);
}

} // namespace
} // namespace deblur
