// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/cpu/peak.h"

#include <chrono>
#include <cstring>
#include <numeric>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <dnnl.hpp>

#if DNNL_CPU_RUNTIME == DNNL_RUNTIME_OMP
#include <omp.h>
#endif

#include "inference/cpu/threads.h"

// Compiled once for each instruction set: Highway includes this file again and again.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "inference/cpu/peak.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace deblur::cpu::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// As many sums as keep two units of a latency of five busy. Returns the operations; sink keeps the compiler from leaving them out.
HWY_ATTR double multiply_add(int rounds, float *sink) {
    const hn::ScalableTag<float> tag;
    const auto x = hn::Set(tag, 0.5f);
    auto a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x;
    for (int round = 0; round < rounds; ++round) {
        a = hn::MulAdd(a, x, x), b = hn::MulAdd(b, x, x), c = hn::MulAdd(c, x, x);
        d = hn::MulAdd(d, x, x), e = hn::MulAdd(e, x, x), f = hn::MulAdd(f, x, x);
        g = hn::MulAdd(g, x, x), h = hn::MulAdd(h, x, x), i = hn::MulAdd(i, x, x);
        j = hn::MulAdd(j, x, x);
    }
    const auto low = hn::Add(hn::Add(a, b), hn::Add(c, d)),
               high = hn::Add(hn::Add(e, f), hn::Add(g, h));
    *sink = hn::GetLane(hn::Add(hn::Add(low, high), hn::Add(i, j)));
    return 20.0 * static_cast<double>(hn::Lanes(tag)) * rounds;
}

} // namespace
} // namespace deblur::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace deblur::cpu {

HWY_EXPORT(multiply_add);

namespace {

using dnnl::matmul;
using dnnl::memory;

constexpr int kSide = 1024;

/// oneDNN's threads while it lives.
class Threads {
  public:
    explicit Threads(int count) { set(count); }
    ~Threads() { set(before_); }
    Threads(const Threads &) = delete;
    Threads &operator=(const Threads &) = delete;

  private:
#if DNNL_CPU_RUNTIME == DNNL_RUNTIME_OMP
    static void set(int count) {
        omp_set_num_threads(count);
    }
    int before_ = omp_get_max_threads();
#else
    static void set(int) {}
    int before_ = 1;
#endif
};

} // namespace

double measure_multiply_adds(int threads) {
    using Clock = std::chrono::steady_clock;
    constexpr int rounds = 2000000; // some 4 ms
    const ThreadCount use(threads);
    std::vector<double> operations(static_cast<size_t>(threads));
    std::vector<float> sinks(operations.size());
    const auto start = Clock::now();
    parallel_for(threads, [&](int i) {
        operations[static_cast<size_t>(i)] =
            HWY_DYNAMIC_DISPATCH(multiply_add)(rounds, &sinks[static_cast<size_t>(i)]);
    });
    const std::chrono::duration<double> time = Clock::now() - start;
    return std::accumulate(operations.begin(), operations.end(), 0.0) / time.count();
}

struct MatrixProduct::Impl {
    explicit Impl(int count) : threads(count) {
        const Threads use(threads);
        const auto type = memory::data_type::bf16;
        const memory::desc plain({kSide, kSide}, type, memory::format_tag::ab);
        const memory::desc any({kSide, kSide}, type, memory::format_tag::any);
#if DNNL_VERSION_MAJOR >= 3
        const matmul::primitive_desc desc(engine, plain, any, plain);
#else
        const matmul::primitive_desc desc(matmul::desc(plain, any, plain), engine);
#endif
        for (const auto &[argument, layout] : {std::pair{DNNL_ARG_SRC, desc.src_desc()},
                                               {DNNL_ARG_WEIGHTS, desc.weights_desc()},
                                               {DNNL_ARG_DST, desc.dst_desc()}}) {
            memory matrix(layout, engine);
            std::memset(matrix.get_data_handle(), 0, layout.get_size());
            arguments.emplace(argument, matrix);
        }
        product = matmul(desc);
    }

    int threads;
    dnnl::engine engine{dnnl::engine::kind::cpu, 0};
    dnnl::stream stream{engine};
    matmul product;
    std::unordered_map<int, memory> arguments;
};

MatrixProduct::MatrixProduct(int threads) {
    try {
        impl_ = std::make_unique<Impl>(threads);
    } catch (const dnnl::error &error) {
        throw std::runtime_error(std::string("oneDNN: ") + error.what());
    }
}

MatrixProduct::~MatrixProduct() = default;

double MatrixProduct::run() {
    using Clock = std::chrono::steady_clock;
    const Threads use(impl_->threads);
    const auto start = Clock::now();
    impl_->product.execute(impl_->stream, impl_->arguments);
    impl_->stream.wait();
    const std::chrono::duration<double> time = Clock::now() - start;
    return 2.0 * kSide * kSide * kSide / time.count();
}

} // namespace deblur::cpu
#endif
