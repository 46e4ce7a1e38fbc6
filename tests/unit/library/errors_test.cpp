// Whatever is wrong is one line in the log, which names the value and what is valid, and a status.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "network/parameters.h"
#include "torch/network_file.h"
#include "unit/library/stream.h"

namespace deblur {
namespace {

using test::Picture;
using test::Weights;
using testing::AllOf;
using testing::HasSubstr;

// An environment variable for the length of a scope.
class Environment {
  public:
    Environment(const char *name, const std::string &value) : name_(name) {
        setenv(name, value.c_str(), 1);
    }
    ~Environment() { unsetenv(name_); }

  private:
    const char *name_;
};

class Errors : public testing::Test {
  protected:
    // The one line that deblur_open() logs for options and a format changed by damage.
    std::string open_error(int expected_status,
                           const std::function<void(deblur_options &, deblur_format &)> &damage) {
        auto options = test::exact_options(weights_);
        auto format = test::make_format("yuv420p", 16, 16);
        damage(options, format);
        test::Log log;
        log.attach(options);
        auto *context = reinterpret_cast<deblur_context *>(this);
        EXPECT_EQ(deblur_open(&context, &options, &format), expected_status);
        EXPECT_EQ(context, nullptr);
        EXPECT_THAT(log.error(), testing::Not(HasSubstr("\n")));
        return log.error();
    }
    std::string option_error(const std::function<void(deblur_options &)> &damage) {
        return open_error(DEBLUR_INVALID_ARGUMENT,
                          [&](deblur_options &options, deblur_format &) { damage(options); });
    }
    std::string format_error(const std::function<void(deblur_format &)> &damage) {
        return open_error(DEBLUR_INVALID_ARGUMENT,
                          [&](deblur_options &, deblur_format &format) { damage(format); });
    }
    std::string weights_error(const std::string &path) {
        return open_error(DEBLUR_BAD_WEIGHTS, [&](deblur_options &options, deblur_format &) {
            options.weights = path.c_str();
        });
    }

    Weights weights_{{"cnn", 1, true}};
};

TEST_F(Errors, Options) {
    using O = deblur_options;
    EXPECT_THAT(option_error([](O &o) { o.window = 4; }),
                AllOf(HasSubstr("4"), HasSubstr("-1 to 3")));
    EXPECT_THAT(option_error([](O &o) { o.window = -2; }), HasSubstr("-2"));
    EXPECT_THAT(option_error([](O &o) { o.width = 100; }), AllOf(HasSubstr("height is 0")));
    EXPECT_THAT(option_error([](O &o) { o.width = o.height = 20000; }), HasSubstr("20000"));
    EXPECT_THAT(option_error([](O &o) { o.width = o.height = 10000; }), HasSubstr("100000000"));
    EXPECT_THAT(option_error([](O &o) { o.width = 2, o.height = 8193; }),
                HasSubstr("working width x height is 2 x 8193"));
    EXPECT_THAT(option_error([](O &o) { o.memory = -1; }),
                AllOf(HasSubstr("memory is -1"), HasSubstr("MiB")));
    EXPECT_THAT(option_error([](O &o) { o.precision = static_cast<deblur_precision>(9); }),
                AllOf(HasSubstr("9"), HasSubstr("auto, fp32, bf16, fp16, int8")));
    EXPECT_THAT(option_error([](O &o) { o.precision = DEBLUR_PRECISION_FP16; }), HasSubstr("fp16"));
    EXPECT_THAT(option_error([](O &o) { o.threads = -1; }), HasSubstr("threads is -1"));
    EXPECT_THAT(option_error([](O &o) { o.scene = 101; }),
                AllOf(HasSubstr("101"), HasSubstr("0 to 100")));
    EXPECT_THAT(option_error([](O &o) { o.scene = NAN; }), HasSubstr("scene is nan"));
    EXPECT_THAT(option_error([](O &o) { o.queue = 65; }), HasSubstr("queue is 65"));
    EXPECT_THAT(option_error([](O &o) { o.focus = 1.5f; }),
                AllOf(HasSubstr("focus is 1.5"), HasSubstr("0 to 1")));
    EXPECT_THAT(option_error([](O &o) { o.focus = 0.5f; }),
                AllOf(HasSubstr("'cnn' has no mask to focus by"), HasSubstr("human")));
    EXPECT_THAT(option_error([](O &o) { o.refine = 65; }),
                AllOf(HasSubstr("refine is 65"), HasSubstr("0 to 64")));
    EXPECT_THAT(option_error([](O &o) { o.passes = -1; }),
                AllOf(HasSubstr("passes is -1"), HasSubstr("0 to 64")));
    for (const char *device : {"gpu", "cuda:", "cuda:x", "cuda:-1", "cuda:99999999999", ""})
        EXPECT_THAT(
            option_error([&](O &o) { o.device = device; }),
            AllOf(HasSubstr("'" + std::string(device) + "'"), HasSubstr("auto, cpu, cuda")));
}

TEST_F(Errors, Format) {
    using F = deblur_format;
    EXPECT_THAT(format_error([](F &f) { f.width = 0; }),
                HasSubstr("width is 0, valid are 1 to 16384"));
    // Size bombs are refused by their numbers.
    EXPECT_THAT(format_error([](F &f) { f.width = f.height = 32768; }),
                HasSubstr("width is 32768, valid are 1 to 16384"));
    EXPECT_THAT(format_error([](F &f) { f.width = f.height = 16384; }),
                HasSubstr("width x height is 268435456, valid are 1 to 67108864"));
    EXPECT_THAT(format_error([](F &f) { f.height = 16385; }), HasSubstr("height is 16385"));
    EXPECT_THAT(format_error([](F &f) { f.width = 1, f.height = 16384; }),
                HasSubstr("width x height is 1 x 16384, one side may be 4096 times the other"));
    EXPECT_THAT(format_error([](F &f) { f.width = 16384, f.height = 3; }), HasSubstr("16384 x 3"));
    EXPECT_THAT(format_error([](F &f) { f.model = static_cast<deblur_color_model>(3); }),
                HasSubstr("3"));
    EXPECT_THAT(format_error([](F &f) { f.log2_chroma_w = 3; }), HasSubstr("log2_chroma_w is 3"));
    EXPECT_THAT(format_error([](F &f) { f.matrix = static_cast<deblur_matrix>(8); }),
                HasSubstr("8"));
    EXPECT_THAT(format_error([](F &f) { f.component[1].plane = 4; }),
                HasSubstr("component[1].plane is 4"));
    EXPECT_THAT(format_error([](F &f) { f.component[2].depth = 17; }),
                HasSubstr("component[2].depth is 17"));
    EXPECT_THAT(format_error([](F &f) { f.component[0].shift = 9; }),
                HasSubstr("component[0].shift is 9"));
    EXPECT_THAT(format_error([](F &f) { f.component[0].depth = 10; }),
                HasSubstr("component[0].step is 1"));
    EXPECT_THAT(format_error([](F &f) {
                    f.component[0] = {0, 3, 0, 0, 10};
                }),
                HasSubstr("multiples of 2"));
    EXPECT_THAT(format_error([](F &f) { f.sample_type = DEBLUR_SAMPLE_FLOAT; }),
                HasSubstr("component[0].depth is 8, valid are 16 and 32"));
    EXPECT_THAT(format_error([](F &f) { f.field = static_cast<deblur_field>(3); }),
                HasSubstr("field is 3"));
    EXPECT_THAT(format_error([](F &f) { f.memory = static_cast<deblur_memory>(2); }),
                AllOf(HasSubstr("memory is 2"), HasSubstr("0 to 1")));
    EXPECT_THAT(
        format_error([](F &f) {
            f = test::make_format("grayf32", 16, 16);
            f.memory = DEBLUR_MEMORY_CUDA;
        }),
        AllOf(HasSubstr("floating-point"), HasSubstr("CUDA memory"), HasSubstr("integers")));
}

TEST_F(Errors, StructsOfAnotherVersion) {
    EXPECT_THAT(option_error([](deblur_options &o) { o.struct_size = sizeof o + 8; }),
                AllOf(HasSubstr("deblur_options.struct_size"), HasSubstr("must be sizeof")));
    EXPECT_THAT(format_error([](deblur_format &f) { f.struct_size = 0; }),
                HasSubstr("struct_size must be"));
    EXPECT_THAT(format_error([](deblur_format &f) { f.struct_size = 1 << 20; }),
                HasSubstr("struct_size"));
    auto options = test::exact_options(weights_);
    auto format = test::make_format("yuv420p", 16, 16);
    deblur_context *context = nullptr;
    EXPECT_EQ(deblur_open(nullptr, &options, &format), DEBLUR_INVALID_ARGUMENT);
    EXPECT_EQ(deblur_open(&context, nullptr, &format), DEBLUR_INVALID_ARGUMENT);
    EXPECT_EQ(deblur_open(&context, &options, nullptr), DEBLUR_INVALID_ARGUMENT);
}

TEST_F(Errors, ModelAndWindowOfTheWeights) {
    const auto model = open_error(DEBLUR_BAD_WEIGHTS, [](deblur_options &options, deblur_format &) {
        options.model = "strcnn+dtb";
    });
    EXPECT_THAT(model, AllOf(HasSubstr(weights_.path), HasSubstr("'cnn', not 'strcnn_dtb'")));
    const auto window = open_error(
        DEBLUR_BAD_WEIGHTS, [](deblur_options &options, deblur_format &) { options.window = 2; });
    EXPECT_THAT(window, AllOf(HasSubstr(weights_.path), HasSubstr("m = 1, not m = 2")));
}

TEST_F(Errors, Weights) {
    EXPECT_THAT(weights_error("/nonexistent.safetensors"),
                AllOf(HasSubstr("/nonexistent.safetensors"), HasSubstr("No such file")));

    std::ifstream stream(weights_.path, std::ios::binary);
    const std::string contents{std::istreambuf_iterator<char>(stream), {}};
    const std::string path = weights_.path + ".damaged";
    for (const size_t size :
         {size_t{0}, size_t{4}, size_t{100}, contents.size() / 2, contents.size() - 1}) {
        std::ofstream(path, std::ios::binary) << contents.substr(0, size);
        EXPECT_THAT(weights_error(path), AllOf(HasSubstr(path), HasSubstr("truncated")));
    }

    auto parameters = named_parameters(*weights_.network);
    const auto metadata = config_to_metadata(weights_.network->config());
    write_network_file(path, {}, parameters);
    EXPECT_THAT(weights_error(path), HasSubstr("lacks 'architecture'"));
    auto other = metadata;
    other["architecture"] = "transformer";
    write_network_file(path, other, parameters);
    EXPECT_THAT(weights_error(path), AllOf(HasSubstr("'transformer'"),
                                           HasSubstr("strcnn_dtb, strcnn, cnn, strcnn_dtb_fast")));
    other["architecture"] = "strcnn";
    write_network_file(path, other, parameters);
    EXPECT_THAT(weights_error(path), HasSubstr("tensor '"));
    parameters.erase("stem.weight");
    write_network_file(path, metadata, parameters);
    EXPECT_THAT(weights_error(path), HasSubstr("'stem.weight' is missing"));
}

TEST_F(Errors, Engine) {
    const auto engine_error = [&] {
        return open_error(DEBLUR_NO_ENGINE, [](deblur_options &, deblur_format &) {});
    };
    {
        const Environment variable("DEBLUR_ENGINE", "/nonexistent/engine.so");
        EXPECT_THAT(engine_error(), AllOf(HasSubstr("'/nonexistent/engine.so'"),
                                          HasSubstr("No such file"), HasSubstr("DEBLUR_ENGINE")));
    }
    {
        const Environment variable("DEBLUR_ENGINE", weights_.path);
        EXPECT_THAT(engine_error(), HasSubstr("is no shared object"));
    }
    {
        const Environment variable("DEBLUR_ENGINE", DEBLUR_LIBRARY_FILE);
        EXPECT_THAT(engine_error(), HasSubstr("not an engine"));
    }
    {
        const Environment variable("DEBLUR_ENGINE", DEBLUR_OLD_ENGINE_FILE);
        EXPECT_THAT(engine_error(), HasSubstr("version 0"));
    }
}

TEST_F(Errors, Device) {
    const auto message = open_error(DEBLUR_NO_DEVICE, [](deblur_options &options, deblur_format &) {
        options.device = "cuda:99";
    });
    EXPECT_THAT(message, AllOf(HasSubstr("'cuda:99'"), HasSubstr("auto, cpu")));
}

TEST_F(Errors, Frames) {
    auto options = test::exact_options(weights_);
    auto format = test::make_format("p010", 16, 16);
    Picture picture(format);
    const auto frame_error = [&](const std::function<void(deblur_frame &)> &damage) {
        test::Log log;
        log.attach(options);
        deblur_context *context = nullptr;
        EXPECT_EQ(deblur_open(&context, &options, &format), DEBLUR_OK);
        auto frame = picture.frame_in_place();
        damage(frame);
        EXPECT_EQ(deblur_send(context, &frame), DEBLUR_INVALID_ARGUMENT);
        // The context lives on.
        auto good = picture.frame_in_place();
        EXPECT_EQ(deblur_send(context, &good), DEBLUR_OK);
        deblur_close(&context);
        return log.error();
    };
    using F = deblur_frame;
    EXPECT_THAT(frame_error([](F &f) { f.struct_size = 0; }), HasSubstr("struct_size"));
    EXPECT_THAT(frame_error([](F &f) { f.src[1] = nullptr; }), HasSubstr("src[1] is NULL"));
    EXPECT_THAT(frame_error([](F &f) { f.dst[0] = nullptr; }), HasSubstr("dst[0] is NULL"));
    EXPECT_THAT(frame_error([](F &f) { f.src_stride[0] = 30; }),
                HasSubstr("src_stride[0] is 30, a row needs 32 bytes"));
    EXPECT_THAT(frame_error([](F &f) { f.dst_stride[1] = -33; }), HasSubstr("not a multiple of 2"));
    EXPECT_THAT(frame_error([](F &f) { f.strength = 1.5f; }),
                AllOf(HasSubstr("1.5"), HasSubstr("0 to 1")));
    EXPECT_THAT(frame_error([](F &f) { f.strength = NAN; }), HasSubstr("nan"));
}

TEST_F(Errors, NullContext) {
    void *done;
    EXPECT_EQ(deblur_send(nullptr, nullptr), DEBLUR_INVALID_ARGUMENT);
    EXPECT_EQ(deblur_receive(nullptr, &done), DEBLUR_INVALID_ARGUMENT);
    EXPECT_LT(deblur_get_delay(nullptr), 0);
}

TEST_F(Errors, EveryStatusHasAPhrase) {
    std::vector<std::string> phrases;
    for (int status = DEBLUR_FAILURE; status <= DEBLUR_EOF; ++status)
        phrases.push_back(deblur_strerror(status));
    phrases.push_back(deblur_strerror(12345));
    for (const auto &phrase : phrases)
        EXPECT_EQ(std::count(phrases.begin(), phrases.end(), phrase), 1) << phrase;
}

// Parameters so large that the network overflows: the frames stay as they are, with a warning.
TEST_F(Errors, OverflowInTheNetworkLeavesThePicture) {
    const torch::NoGradGuard no_grad;
    for (const char *architecture : {"cnn", "strcnn_dtb"}) {
        const Weights weights({architecture, 1, true});
        auto parameters = named_parameters(*weights.network);
        parameters.at("reduce.weight").fill_(1e30);
        parameters.at("latent_head.weight").fill_(1e30);
        write_network_file(weights.path, config_to_metadata(weights.network->config()), parameters);
        auto options = test::exact_options(weights);
        test::Log log;
        log.attach(options);
        const auto format = test::make_format("yuv420p", 16, 12);
        const auto clip = test::random_clip(format, 4);
        EXPECT_TRUE(test::restore(options, format, clip) == clip);
        EXPECT_EQ(log.at(DEBLUR_LOG_WARNING).size(), 1u);
        EXPECT_TRUE(log.at(DEBLUR_LOG_ERROR).empty());
    }
}

} // namespace
} // namespace deblur
