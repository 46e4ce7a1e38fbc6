// deblur-restore-raw: restores raw pictures without FFmpeg, for tests that compare the ways.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <deque>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include <ATen/ATen.h>
#include <CLI/CLI.hpp>
#include <libdeblur/deblur.h>

#include "network/parameters.h"
#include "network/registry.h"
#include "torch/network_file.h"
#include "training/restore.h"

namespace {

struct Job {
    std::string weights;
    int width = 0, height = 0;
};

// Planar G, B, R with 8 bits: FFmpeg's gbrp.
using Picture = std::vector<uint8_t>;

bool read_picture(const Job &job, Picture &picture) {
    picture.resize(3 * static_cast<size_t>(job.width) * static_cast<size_t>(job.height));
    std::cin.read(reinterpret_cast<char *>(picture.data()),
                  static_cast<std::streamsize>(picture.size()));
    return static_cast<size_t>(std::cin.gcount()) == picture.size();
}

void write_picture(const Picture &picture) {
    std::cout.write(reinterpret_cast<const char *>(picture.data()),
                    static_cast<std::streamsize>(picture.size()));
}

void require(int status) {
    if (status < 0)
        throw std::runtime_error(deblur_strerror(status));
}

// Through the public C API, with its defaults but for precision.
void restore_with_library(const Job &job) {
    deblur_options options;
    deblur_format format;
    deblur_default_options(&options);
    deblur_default_format(&format);
    options.weights = job.weights.c_str();
    options.device = "cpu";
    options.precision = DEBLUR_PRECISION_FP32;
    options.threads = 1;
    format.width = job.width;
    format.height = job.height;
    format.model = DEBLUR_MODEL_RGB;
    format.log2_chroma_w = format.log2_chroma_h = 0;
    const int planes[] = {2, 0, 1}; // of R, G, B
    for (int c = 0; c < 3; ++c)
        format.component[c].plane = planes[c];

    deblur_context *context = nullptr;
    require(deblur_open(&context, &options, &format));
    std::deque<Picture> pictures; // on their way
    for (bool more = true; more;) {
        Picture picture;
        more = read_picture(job, picture);
        if (more) {
            pictures.push_back(std::move(picture));
            deblur_frame frame{};
            frame.struct_size = sizeof frame;
            frame.strength = 1;
            for (int p = 0; p < 3; ++p) {
                frame.src[p] = frame.dst[p] =
                    pictures.back().data() + static_cast<ptrdiff_t>(p) * job.width * job.height;
                frame.src_stride[p] = frame.dst_stride[p] = job.width;
            }
            require(deblur_send(context, &frame));
        } else {
            require(deblur_send(context, nullptr));
        }
        void *opaque = nullptr;
        int status;
        while ((status = deblur_receive(context, &opaque)) == DEBLUR_OK) {
            write_picture(pictures.front());
            pictures.pop_front();
        }
        require(status);
    }
    deblur_close(&context);
}

// Through the forward pass of training.
void restore_with_network(const Job &job) {
    const auto network = deblur::network_of(deblur::read_network_file(job.weights));
    deblur::ClipRestorer restorer(*network);

    const auto emit = [&](const at::Tensor &frame) {
        const auto planes = at::cat({frame.narrow(0, 1, 2), frame.narrow(0, 0, 1)});
        const auto bytes = (planes * 255).round().to(at::kByte).contiguous();
        write_picture(
            Picture(bytes.data_ptr<uint8_t>(), bytes.data_ptr<uint8_t>() + bytes.numel()));
    };
    for (Picture picture; read_picture(job, picture);) {
        const auto planes = at::from_blob(picture.data(), {3, job.height, job.width}, at::kByte);
        const auto frame =
            at::cat({planes.narrow(0, 2, 1), planes.narrow(0, 0, 2)}).to(at::kFloat) / 255;
        if (const auto restored = restorer.push(frame))
            emit(*restored);
    }
    while (const auto restored = restorer.finish())
        emit(*restored);
}

} // namespace

int main(int argc, char **argv) { // NOLINT(bugprone-exception-escape): CLI11, of wrong declarations
    Job job;
    std::string by;
    CLI::App app{
        "Restores raw gbrp pictures from the standard input to the standard output, in fp32."};
    app.add_option("by", by, "Which way: library or network")
        ->required()
        ->check(CLI::IsMember({"library", "network"}));
    app.add_option("weights", job.weights, "Weight file")->required();
    app.add_option("width", job.width, "Pixels")->required();
    app.add_option("height", job.height, "Pixels")->required();
    CLI11_PARSE(app, argc, argv);

    try {
        by == "library" ? restore_with_library(job) : restore_with_network(job);
    } catch (const std::exception &error) {
        std::cerr << "deblur-restore-raw: " << error.what() << "\n";
        return 1;
    }
}
