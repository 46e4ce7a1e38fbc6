// SPDX-License-Identifier: LGPL-2.1-or-later
#include "unit/library/stream.h"

#include <cstdio>
#include <unistd.h>

#include <gtest/gtest.h>

#include "network/parameters.h"
#include "network/registry.h"
#include "torch/network_file.h"

namespace deblur::test {

Weights::Weights(const NetworkConfig &config)
    : path(testing::TempDir() + std::to_string(getpid()) + "-" + config.architecture +
           std::to_string(config.window) + ".safetensors"),
      network(make_network(config)) {
    const torch::NoGradGuard no_grad;
    auto parameters = named_parameters(*network);
    for (auto &[name, tensor] : parameters)
        if (name.find("latent_head.weight") != std::string::npos)
            tensor.mul_(20);
    write_network_file(path, config_to_metadata(config), parameters);
}

void Log::attach(deblur_options &options) {
    options.log = receive;
    options.log_cookie = this;
}

void Log::receive(void *log, deblur_log_level level, const char *message) {
    auto *self = static_cast<Log *>(log);
    const std::lock_guard lock(self->mutex_);
    self->messages_.emplace_back(level, message);
}

std::vector<std::string> Log::at(deblur_log_level level) const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> result;
    for (const auto &[of_level, message] : messages_)
        if (of_level == level)
            result.push_back(message);
    return result;
}

std::string Log::error() const {
    const auto errors = at(DEBLUR_LOG_ERROR);
    EXPECT_EQ(errors.size(), 1u);
    return errors.empty() ? "" : errors.front();
}

deblur_options exact_options(const Weights &weights) {
    deblur_options options;
    deblur_default_options(&options);
    options.weights = weights.path.c_str();
    options.device = "cpu";
    options.precision = DEBLUR_PRECISION_FP32;
    options.threads = 1;
    options.scene = 0;
    return options;
}

std::vector<Picture> random_clip(const deblur_format &format, int length, unsigned seed) {
    std::vector<Picture> clip;
    for (int n = 0; n < length; ++n) {
        clip.emplace_back(format);
        clip.back().fill_random_inner(seed * 1000 + n);
    }
    return clip;
}

std::vector<Picture> restore(const deblur_options &options, const deblur_format &format,
                             std::vector<Picture> clip,
                             const std::vector<FrameSettings> &settings) {
    deblur_context *context = nullptr;
    EXPECT_EQ(deblur_open(&context, &options, &format), DEBLUR_OK);
    size_t received = 0;
    int status = context ? DEBLUR_AGAIN : DEBLUR_FAILURE;
    for (size_t sent = 0; status == DEBLUR_AGAIN; ++sent) {
        if (sent < clip.size()) {
            deblur_frame frame = clip[sent].frame_in_place();
            if (sent < settings.size()) {
                frame.strength = settings[sent].strength;
                frame.reset = settings[sent].reset;
            }
            frame.opaque = &clip[sent];
            EXPECT_EQ(deblur_send(context, &frame), DEBLUR_OK);
        } else {
            EXPECT_EQ(deblur_send(context, nullptr), DEBLUR_OK);
        }
        void *done = nullptr;
        while ((status = deblur_receive(context, &done)) == DEBLUR_OK) {
            EXPECT_LT(received, clip.size());
            EXPECT_EQ(done, &clip[received]);
            ++received;
        }
    }
    EXPECT_EQ(status, DEBLUR_EOF);
    EXPECT_EQ(received, clip.size());
    deblur_close(&context);
    EXPECT_EQ(context, nullptr);
    return clip;
}

} // namespace deblur::test
