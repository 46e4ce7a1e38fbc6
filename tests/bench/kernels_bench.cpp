// Google Benchmark of what a step is made of: convolutions, passes over rows, pictures.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <benchmark/benchmark.h>

#include <random>
#include <stdexcept>

#include "base/parallel.h"
#include "inference/cpu/convolution.h"
#include "inference/cpu/gate.h"
#include "inference/cpu/kernels.h"
#include "picture/converter.h"
#include "unit/network/uneven.h"
#include "unit/picture/picture.h"

namespace deblur {
namespace {

// Three planes of numbers around an amplitude.
Image noise(float amplitude, int height, int width) {
    std::mt19937 generator(1);
    std::normal_distribution<float> distribution(amplitude, amplitude / 2);
    const Image image(3, height, width);
    for (size_t i = 0; i < image.size(); ++i)
        image.data()[i] = distribution(generator);
    return image;
}

constexpr int kRows = 24, kWidth = 320; // a strip of the trunk at 640x480

// in, out, kernel, stride, element of src
void measure_convolution(benchmark::State &state) {
    set_thread_count(1);
    const int in = static_cast<int>(state.range(0)), out = static_cast<int>(state.range(1));
    const int size = static_cast<int>(state.range(2)), stride = static_cast<int>(state.range(3));
    const auto src = static_cast<cpu::Element>(state.range(4));
    const auto dst = src == cpu::Element::Float32 ? src : cpu::Element::BFloat16;
    const size_t weights = static_cast<size_t>(in) * out * size * size;
    const cpu::Kernel kernel{out, in, size, std::vector<float>(weights, 0.01f),
                             std::vector<float>(out, 0.1f)};
    const int width = kWidth * stride;
    cpu::Convolution convolution(kernel, {width, kWidth, kRows, stride, size / 2}, src, dst, {},
                                 false, Activation::Relu);
    cpu::Rows from(src, in, width, (kRows - 1) * stride + size), to(dst, out, kWidth, kRows);
    from.reach(from.height(), 0);
    to.reach(kRows, 0);
    from.allocate();
    to.allocate();
    for (auto _ : state)
        convolution.run(from.row(0), to.row(0), kRows);
    state.counters["FLOPS"] =
        benchmark::Counter(2.0 * static_cast<double>(weights) * kRows * kWidth,
                           benchmark::Counter::kIsIterationInvariantRate);
}
// Where oneDNN has no kernel for a type, on CPUs without the instructions, the row says so.
void BM_Convolution(benchmark::State &state) {
    try {
        measure_convolution(state);
    } catch (const std::runtime_error &error) {
        state.SkipWithError(error.what());
    }
}
BENCHMARK(BM_Convolution)
    ->ArgsProduct({{64}, {64}, {3}, {1}, {0, 1, 2}}) // a residual block's
    ->ArgsProduct({{128}, {64}, {5}, {1}, {1, 2}})   // the blending's
    ->Args({9, 64, 5, 1, 1})                         // the stem
    ->Args({64, 32, 3, 2, 1});                       // the reduction

void BM_Blend(benchmark::State &state) {
    std::vector<uint16_t> difference(kWidth * 64, 0x3e80), current = difference, previous = current;
    for (auto _ : state)
        cpu::blend(cpu::Element::BFloat16, difference.data(), current.data(), previous.data(),
                   current.size(), 0.3f);
    state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(current.size()));
}
BENCHMARK(BM_Blend);

void BM_Quantize(benchmark::State &state) {
    const std::vector<uint16_t> samples(kWidth * 64, 0x3e80);
    std::vector<uint8_t> codes(samples.size());
    for (auto _ : state)
        cpu::quantize(cpu::Element::BFloat16, samples.data(), cpu::Element::UInt8, codes.data(),
                      codes.size(), 0.01f);
    state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(codes.size()));
}
BENCHMARK(BM_Quantize);

void BM_Gate(benchmark::State &state) {
    set_thread_count(1);
    constexpr int height = 480, width = 640;
    const Image frame = noise(0.5f, height, width), correction = noise(0.02f, height, width);
    cpu::CorrectionGate gate(test::lively_gate(1, 0.1), height, width);
    for (auto _ : state)
        gate.apply(frame.data(), correction.data());
    state.SetItemsProcessed(state.iterations() * height * width);
}
BENCHMARK(BM_Gate);

void BM_Read(benchmark::State &state, const std::string &layout) {
    set_thread_count(1);
    test::Picture picture(test::make_format(layout, 640, 480));
    const Converter converter(test::make_format(layout, 640, 480));
    for (auto _ : state)
        converter.read(picture.frame_in_place());
    state.SetItemsProcessed(state.iterations() * 640 * 480);
}

void BM_Correct(benchmark::State &state, const std::string &layout) {
    set_thread_count(1);
    test::Picture picture(test::make_format(layout, 640, 480));
    const Converter converter(test::make_format(layout, 640, 480));
    const Image correction = noise(0.02f, 480, 640);
    for (auto _ : state)
        converter.correct(picture.frame_in_place(), correction);
    state.SetItemsProcessed(state.iterations() * 640 * 480);
}

} // namespace
} // namespace deblur

int main(int argc, char **argv) {
    for (const auto &layout : deblur::test::layouts()) {
        benchmark::RegisterBenchmark(("BM_Read/" + layout).c_str(), deblur::BM_Read, layout);
        benchmark::RegisterBenchmark(("BM_Correct/" + layout).c_str(), deblur::BM_Correct, layout);
    }
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
