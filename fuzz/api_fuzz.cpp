// Any bytes as a sequence of calls of the C API, with any values in structs: frames come back once and in order, statuses
// are those of deblur.h, and what the header forbids is refused.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <string>
#include <vector>

#include <unistd.h>

#include <libdeblur/deblur.h>

namespace {

constexpr int kMaxSide = 48;
constexpr size_t kSlots = 3;

void require(bool holds) {
    if (!holds)
        std::abort();
}

void require_status(int status) {
    require(status >= DEBLUR_FAILURE && status <= DEBLUR_EOF);
}

// The input, from its front; zeros behind its end.
class Bytes {
  public:
    Bytes(const uint8_t *data, size_t size) : data_(data), size_(size) {}

    bool is_empty() const { return size_ == 0; }

    template <class Value> Value take() {
        Value value{};
        const size_t count = std::min(size_, sizeof value);
        std::memcpy(static_cast<void *>(&value), data_, count);
        data_ += count;
        size_ -= count;
        return value;
    }

    unsigned below(unsigned limit) { return take<uint8_t>() % limit; }
    bool flips() { return below(2) != 0; }

    // Overwrites some bytes of a struct.
    template <class Struct> void damage(Struct &value) {
        for (unsigned n = below(4); n > 0; --n)
            reinterpret_cast<uint8_t *>(&value)[take<uint16_t>() % sizeof value] = take<uint8_t>();
    }

  private:
    const uint8_t *data_;
    size_t size_;
};

// A callback that does what it must not.
void call_back(void *cookie, deblur_log_level, const char *message) {
    require(std::strlen(message) < 1024);
    deblur_context *context = nullptr;
    deblur_model *model = nullptr;
    require(deblur_open(&context, nullptr, nullptr) == DEBLUR_INVALID_ARGUMENT);
    require(deblur_model_open(&model, nullptr, nullptr) == DEBLUR_INVALID_ARGUMENT);
    ++*static_cast<int *>(cookie);
}

// A context, and what was sent through it.
struct Stream {
    deblur_context *context = nullptr;
    deblur_format format{};
    std::deque<std::vector<uint8_t>> on_their_way; // a plane for all of each frame
    bool is_ended = false;
};

class Calls {
  public:
    explicit Calls(Bytes bytes) : bytes_(bytes) {}
    ~Calls() {
        for (auto &stream : streams_)
            close(stream);
        for (auto &model : models_)
            deblur_model_close(&model);
    }
    Calls(const Calls &) = delete;
    Calls &operator=(const Calls &) = delete;

    void run() {
        while (!bytes_.is_empty())
            one();
    }

  private:
    void one() {
        Stream &stream = streams_[bytes_.below(kSlots)];
        deblur_model *&model = models_[bytes_.below(kSlots)];
        switch (bytes_.below(12)) {
        case 0:
            return open_model(model);
        case 1:
            return deblur_model_close(&model);
        case 2:
            return open(stream, nullptr);
        case 3:
            return open(stream, &model);
        case 4:
        case 5:
        case 6:
            return send(stream);
        case 7:
        case 8:
            return receive(stream);
        case 9:
            return restart(stream);
        case 10:
            return list();
        default:
            return close(stream);
        }
    }

    deblur_options options() {
        deblur_options options;
        deblur_default_options(&options);
        options.queue = static_cast<int>(bytes_.below(4));
        options.threads = static_cast<int>(bytes_.below(4));
        bytes_.damage(options);
        // Pointers are the caller's to get right.
        static const char *const kTexts[] = {nullptr, "auto", "cpu",
                                             "cuda",  "cnn",  "no such thing"};
        options.model = kTexts[bytes_.below(std::size(kTexts))];
        options.device = kTexts[bytes_.below(std::size(kTexts))];
        options.weights = bytes_.flips() ? "weights" : nullptr;
        options.refiner = bytes_.flips() ? "refiner" : nullptr;
        options.log = call_back;
        options.log_cookie = &messages_;
        return options;
    }

    deblur_format format() {
        deblur_format format;
        deblur_default_format(&format);
        format.width = 1 + static_cast<int>(bytes_.below(kMaxSide));
        format.height = 1 + static_cast<int>(bytes_.below(kMaxSide));
        bytes_.damage(format);
        format.width = std::min(format.width, kMaxSide);
        format.height = std::min(format.height, kMaxSide);
        format.memory = DEBLUR_MEMORY_HOST; // a made-up device would have to be there
        return format;
    }

    void open_model(deblur_model *&model) {
        deblur_model_close(&model);
        const auto given = options();
        const auto of = format();
        const int status = deblur_model_open(&model, &given, bytes_.flips() ? &of : nullptr);
        require_status(status);
        require((model != nullptr) == (status == DEBLUR_OK));
    }

    void open(Stream &stream, deblur_model **model) {
        close(stream);
        const auto given = options();
        stream.format = format();
        const int status =
            model ? deblur_open_with_model(&stream.context, *model, &given, &stream.format)
                  : deblur_open(&stream.context, &given, &stream.format);
        require_status(status);
        require((stream.context != nullptr) == (status == DEBLUR_OK));
    }

    void send(Stream &stream) {
        if (bytes_.below(8) == 0) {
            const int status = deblur_send(stream.context, nullptr);
            require_status(status);
            stream.is_ended |= status == DEBLUR_OK;
            return;
        }
        deblur_frame frame;
        deblur_default_frame(&frame);
        bytes_.damage(frame);
        // Rows of 64 bytes a pixel, or of too few.
        constexpr size_t kRow = 64 * kMaxSide + 64;
        std::vector<uint8_t> memory(kMaxSide * kRow);
        const bool is_short = bytes_.below(8) == 0;
        for (int p = 0; p < DEBLUR_MAX_PLANES; ++p) {
            frame.src[p] = frame.dst[p] = memory.data();
            frame.src_stride[p] = frame.dst_stride[p] = static_cast<ptrdiff_t>(is_short ? 8 : kRow);
        }
        frame.opaque = memory.data();
        const int status = deblur_send(stream.context, &frame);
        require_status(status);
        require(status != DEBLUR_OK || !stream.is_ended);
        if (status == DEBLUR_OK)
            stream.on_their_way.push_back(std::move(memory));
    }

    void receive(Stream &stream) {
        deblur_result result{};
        result.struct_size = bytes_.below(8) ? sizeof result : bytes_.take<uint8_t>();
        void *opaque = nullptr;
        const bool is_plain = bytes_.flips();
        const int status = is_plain ? deblur_receive(stream.context, &opaque)
                                    : deblur_receive_result(stream.context, &result);
        require_status(status);
        if (status == DEBLUR_EOF)
            require(stream.is_ended && stream.on_their_way.empty());
        if (status != DEBLUR_OK)
            return;
        require(!stream.on_their_way.empty());
        require((is_plain ? opaque : result.opaque) == stream.on_their_way.front().data());
        stream.on_their_way.pop_front();
    }

    void restart(Stream &stream) {
        auto next = stream.format;
        next.struct_size = sizeof next;
        bytes_.damage(next);
        next.memory = DEBLUR_MEMORY_HOST;
        next.cuda_context = stream.format.cuda_context;
        const int status = deblur_restart(stream.context, bytes_.flips() ? &next : nullptr);
        require_status(status);
        if (status == DEBLUR_OK)
            stream.is_ended = false;
    }

    void list() {
        deblur_model_info info{};
        info.struct_size = bytes_.below(4) ? sizeof info : bytes_.take<uint8_t>();
        require_status(deblur_list_models(bytes_.take<int8_t>(), &info));
    }

    void close(Stream &stream) {
        deblur_get_delay(stream.context);
        deblur_close(&stream.context);
        stream = {};
    }

    Bytes bytes_;
    int messages_ = 0;
    std::array<Stream, kSlots> streams_{};
    std::array<deblur_model *, kSlots> models_{};
};

} // namespace

extern "C" int LLVMFuzzerInitialize(int *, char ***argv) {
    // Beside the program, where it is installed elsewhere than it was built; what the environment says comes first.
    const std::string program = **argv;
    const std::string beside = program.substr(0, program.rfind('/') + 1) + "fuzz-engine.so";
    setenv("DEBLUR_ENGINE",
           access(beside.c_str(), R_OK) == 0 ? beside.c_str() : DEBLUR_FUZZ_ENGINE_FILE, 0);
    setenv("DEBLUR_MODELS", "/nonexistent", 0);
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Calls(Bytes(data, size)).run();
    return 0;
}
