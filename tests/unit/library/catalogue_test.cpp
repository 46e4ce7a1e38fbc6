// The list of shipped models, and opening by name.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/library/stream.h"

namespace deblur {
namespace {

using test::Weights;
using testing::AllOf;
using testing::HasSubstr;

// A model directory of its own for each test (the library reads each once).
class CatalogueTest : public testing::Test {
  protected:
    void SetUp() override {
        const auto *test = testing::UnitTest::GetInstance()->current_test_info();
        directory_ = testing::TempDir() + "models-" + std::to_string(getpid()) + test->name();
        std::filesystem::create_directories(directory_);
        setenv("DEBLUR_MODELS", directory_.c_str(), 1);
    }
    void TearDown() override {
        unsetenv("DEBLUR_MODELS");
        std::filesystem::remove_all(directory_);
    }

    void write_index(const std::string &text) { std::ofstream(directory_ + "/index.json") << text; }
    void write_models() {
        for (const auto &[config, name] : {std::pair{NetworkConfig{"strcnn_dtb", 1, true}, "dtb1"},
                                           {NetworkConfig{"strcnn_dtb", 2, true}, "dtb2"},
                                           {NetworkConfig{"cnn", 0, true}, "cnn0"}}) {
            const Weights weights(config);
            std::filesystem::rename(weights.path, directory_ + "/" + name + ".safetensors");
        }
        write_index(R"({"default": "strcnn_dtb", "models": [
            {"name": "cnn", "window": 0, "file": "cnn0.safetensors", "description": "plain"},
            {"name": "strcnn_dtb", "window": 1, "file": "dtb1.safetensors", "description": "full",
             "licence": "later"},
            {"name": "strcnn_dtb", "window": 2, "file": "dtb2.safetensors", "description": "wide"}]})");
    }

    // The delay of a context opened by name, or its error.
    int open(const char *model, int window, std::string *error = nullptr) {
        deblur_options options;
        deblur_default_options(&options);
        options.model = model;
        options.window = window;
        options.device = "cpu";
        test::Log log;
        log.attach(options);
        const auto format = test::make_format("yuv420p", 16, 16);
        deblur_context *context = nullptr;
        const int status = deblur_open(&context, &options, &format);
        if (error && status < 0)
            *error = log.error();
        const int delay = status < 0 ? status : deblur_get_delay(context);
        deblur_close(&context);
        return delay;
    }

    std::string directory_;
};

TEST_F(CatalogueTest, List) {
    write_models();
    std::vector<std::string> lines;
    deblur_model_info info;
    info.struct_size = sizeof info;
    int status;
    for (int i = 0; (status = deblur_list_models(i, &info)) == DEBLUR_OK; ++i) {
        lines.push_back(std::string(info.name) + std::to_string(info.window) + info.description +
                        (info.is_default ? "*" : ""));
        EXPECT_TRUE(std::filesystem::exists(info.weights));
    }
    EXPECT_EQ(status, DEBLUR_EOF);
    EXPECT_THAT(lines, testing::ElementsAre("cnn0plain", "strcnn_dtb1full*", "strcnn_dtb2wide"));
    EXPECT_EQ(deblur_list_models(-1, &info), DEBLUR_INVALID_ARGUMENT);
    EXPECT_EQ(deblur_list_models(0, nullptr), DEBLUR_INVALID_ARGUMENT);
}

TEST_F(CatalogueTest, ByNameAndWindow) {
    write_models();
    for (const char *name :
         {static_cast<const char *>(nullptr), "auto", "strcnn_dtb", "strcnn+dtb"}) {
        EXPECT_EQ(open(name, -1), 1);
        EXPECT_EQ(open(name, 1), 1);
        EXPECT_EQ(open(name, 2), 2);
    }
    EXPECT_EQ(open("cnn", -1), 0);
    // The default has no m = 0, and none has m = 3.
    EXPECT_EQ(open("auto", 0), 0);
    EXPECT_EQ(open("strcnn_dtb", 0), DEBLUR_INVALID_ARGUMENT);
    EXPECT_EQ(open("auto", 3), DEBLUR_INVALID_ARGUMENT);
}

TEST_F(CatalogueTest, UnknownNamesWhatThereIs) {
    write_models();
    std::string error;
    EXPECT_EQ(open("unet", -1, &error), DEBLUR_INVALID_ARGUMENT);
    EXPECT_THAT(error, AllOf(HasSubstr("'unet'"), HasSubstr(directory_),
                             HasSubstr("cnn with m = 0, strcnn_dtb with m = 1")));
    EXPECT_EQ(open("cnn", 3, &error), DEBLUR_INVALID_ARGUMENT);
    EXPECT_THAT(error, AllOf(HasSubstr("'cnn' with window m = 3"), HasSubstr("cnn with m = 0")));
}

TEST_F(CatalogueTest, AListedFileThatIsMissing) {
    write_models();
    std::filesystem::remove(directory_ + "/cnn0.safetensors");
    std::string error;
    EXPECT_EQ(open("cnn", -1, &error), DEBLUR_BAD_WEIGHTS);
    EXPECT_THAT(error, AllOf(HasSubstr("cnn0.safetensors"), HasSubstr("No such file")));
}

TEST_F(CatalogueTest, NoList) {
    std::string error;
    EXPECT_EQ(open(nullptr, -1, &error), DEBLUR_BAD_WEIGHTS);
    EXPECT_THAT(error, AllOf(HasSubstr("index.json"), HasSubstr("DEBLUR_MODELS")));
    deblur_model_info info;
    info.struct_size = sizeof info;
    EXPECT_EQ(deblur_list_models(0, &info), DEBLUR_BAD_WEIGHTS);
}

TEST_F(CatalogueTest, AListedFileThatWasDamaged) {
    write_models();
    write_index(R"({"default": "cnn", "models": [
        {"name": "cnn", "window": 0, "file": "cnn0.safetensors", "description": "plain",
         "sha256": ")" + std::string(64, '0') + R"("}]})");
    std::string error;
    EXPECT_EQ(open("cnn", -1, &error), DEBLUR_BAD_WEIGHTS);
    EXPECT_THAT(error, AllOf(HasSubstr("cnn0.safetensors"), HasSubstr("SHA-256")));
}

TEST_F(CatalogueTest, AListThatIsNoFile) {
    ASSERT_EQ(mkfifo((directory_ + "/index.json").c_str(), 0600), 0);
    std::string error;
    EXPECT_EQ(open(nullptr, -1, &error), DEBLUR_BAD_WEIGHTS);
    EXPECT_THAT(error, HasSubstr("regular file"));
}

TEST_F(CatalogueTest, AListThatIsTooLong) {
    write_index(std::string(2 << 20, ' '));
    std::string error;
    EXPECT_EQ(open(nullptr, -1, &error), DEBLUR_BAD_WEIGHTS);
    EXPECT_THAT(error, HasSubstr("1048576"));
}

class MalformedIndex : public CatalogueTest, public testing::WithParamInterface<const char *> {};

TEST_P(MalformedIndex, IsOneLine) {
    write_index(GetParam());
    std::string error;
    EXPECT_EQ(open(nullptr, -1, &error), DEBLUR_BAD_WEIGHTS);
    EXPECT_THAT(error, AllOf(HasSubstr("index.json"), testing::Not(HasSubstr("\n"))));
}

INSTANTIATE_TEST_SUITE_P(All, MalformedIndex,
                         testing::Values("", "{", "[]", R"({"default": "x"})",
                                         R"({"default": 1, "models": []})",
                                         R"({"default": "x", "models": [{"name": "y"}]})",
                                         R"({"default": "x", "models": [{"name": "y", "window": "1",
                                             "file": "f", "description": "d"}]})",
                                         R"({"default": "x", "models": [{"name": "y", "window": 1e300,
                                             "file": "f", "description": "d"}]})",
                                         R"({"default": "x", "models": [{"name": "y", "window": 1,
                                             "file": "../f", "description": "d"}]})",
                                         R"({"default": "x", "models": [{"name": "y", "window": 1,
                                             "file": "/f", "description": "d"}]})",
                                         R"({"default": "x", "models": [{"name": "y", "window": 1,
                                             "file": "f", "description": "d", "sha256": "0"}]})",
                                         R"({"default": [[[[[[[[[[[[]]]]]]]]]]]]})"));

// What is in the source tree opens: every listed file, at its window.
TEST(ShippedModels, Open) {
    unsetenv("DEBLUR_MODELS");
    deblur_model_info info;
    info.struct_size = sizeof info;
    const auto format = test::make_format("yuv420p", 16, 16);
    int status;
    for (int i = 0; (status = deblur_list_models(i, &info)) == DEBLUR_OK; ++i) {
        deblur_options options;
        deblur_default_options(&options);
        options.model = info.name;
        options.window = info.window;
        options.device = "cpu";
        deblur_context *context = nullptr;
        EXPECT_EQ(deblur_open(&context, &options, &format), DEBLUR_OK) << info.name;
        EXPECT_EQ(deblur_get_delay(context), info.window);
        deblur_close(&context);
    }
    EXPECT_EQ(status, DEBLUR_EOF);
}

} // namespace
} // namespace deblur
