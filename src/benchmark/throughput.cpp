// SPDX-License-Identifier: LGPL-2.1-or-later
#include "benchmark/throughput.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <random>
#include <stdexcept>
#include <vector>

#include <libdeblur/deblur.h>

namespace deblur {

namespace {

deblur_precision precision_of(const std::string &name) {
    return name == "fp32"   ? DEBLUR_PRECISION_FP32
           : name == "bf16" ? DEBLUR_PRECISION_BF16
           : name == "fp16" ? DEBLUR_PRECISION_FP16
           : name == "int8" ? DEBLUR_PRECISION_INT8
                            : DEBLUR_PRECISION_AUTO;
}

// One context with as many frames in memory as can be on their way.
class Stream {
  public:
    explicit Stream(const ThroughputCase &what) : width_(what.width), height_(what.height) {
        deblur_options options;
        deblur_format format;
        deblur_default_options(&options);
        deblur_default_format(&format);
        options.model = what.model.c_str();
        options.device = what.device.c_str();
        options.precision = precision_of(what.precision);
        options.threads = what.threads;
        options.log = note;
        options.log_cookie = this;
        format.width = width_;
        format.height = height_;
        format.component[1] = {1, 2, 0, 0, 8};
        format.component[2] = {1, 2, 1, 0, 8};
        require(deblur_open(&context_, &options, &format));
        std::mt19937 generator(1);
        for (int i = 0; i < deblur_get_delay(context_) + options.queue + 1; ++i) {
            frames_.emplace_back(static_cast<size_t>(width_) * height_ * 3 / 2);
            for (auto &byte : frames_.back())
                byte = static_cast<uint8_t>(64 + generator() % 128);
        }
    }
    ~Stream() { deblur_close(&context_); }

    // Frames that wait for the window to be complete stay for the next run.
    void run(int count) {
        for (int sent = 0, received = 0; received < count;) {
            if (sent < count) {
                deblur_frame frame = next_frame();
                require(deblur_send(context_, &frame));
                ++sent;
            }
            void *opaque = nullptr;
            int status = DEBLUR_AGAIN;
            while (received < count &&
                   (status = deblur_receive(context_, &opaque)) == DEBLUR_OK)
                ++received;
            require(status);
            if (sent == count && status == DEBLUR_AGAIN)
                return;
        }
    }

  private:
    static void note(void *stream, deblur_log_level level, const char *message) {
        if (level == DEBLUR_LOG_ERROR)
            static_cast<Stream *>(stream)->error_ = message;
    }

    void require(int status) const {
        if (status < 0)
            throw std::runtime_error(error_.empty() ? deblur_strerror(status) : error_);
    }

    deblur_frame next_frame() {
        auto &data = frames_[next_++ % frames_.size()];
        deblur_frame frame{};
        frame.struct_size = sizeof frame;
        frame.strength = 1;
        for (int p = 0; p < 2; ++p) {
            frame.src[p] = frame.dst[p] = data.data() + static_cast<ptrdiff_t>(p) * width_ * height_;
            frame.src_stride[p] = frame.dst_stride[p] = width_;
        }
        return frame;
    }

    int width_, height_;
    std::deque<std::vector<uint8_t>> frames_;
    size_t next_ = 0;
    std::string error_;
    deblur_context *context_ = nullptr;
};

} // namespace

double measure_throughput(const ThroughputCase &what, int frames) {
    if (what.width % 2 != 0 || what.height % 2 != 0)
        throw std::runtime_error("throughput is measured with NV12, which takes even sizes");
    std::vector<std::unique_ptr<Stream>> streams;
    for (int i = 0; i < what.streams; ++i) {
        streams.push_back(std::make_unique<Stream>(what));
        streams.back()->run(8); // fills the window, warms up
    }
    const auto start = std::chrono::steady_clock::now();
    std::vector<std::future<void>> runs;
    for (auto &stream : streams)
        runs.push_back(std::async(std::launch::async, [&] { stream->run(frames); }));
    for (auto &run : runs)
        run.get();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    return what.streams * frames / seconds.count();
}

} // namespace deblur
