// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/cpu/peak.h"

#include <chrono>
#include <cstring>
#include <stdexcept>
#include <string>

#include <dnnl.hpp>

#include "inference/cpu/threads.h"

namespace deblur::cpu {

namespace {

using dnnl::matmul;
using dnnl::memory;

constexpr int kSide = 1024;

} // namespace

struct MatrixProduct::Impl {
    Impl(Element element, int count) : threads(count) {
        const ThreadCount use(threads);
        const auto type =
            element == Element::Float32 ? memory::data_type::f32 : memory::data_type::bf16;
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

MatrixProduct::MatrixProduct(Element element, int threads) {
    try {
        impl_ = std::make_unique<Impl>(element, threads);
    } catch (const dnnl::error &error) {
        throw std::runtime_error(std::string("oneDNN: ") + error.what());
    }
}

MatrixProduct::~MatrixProduct() = default;

double MatrixProduct::run() {
    using Clock = std::chrono::steady_clock;
    const ThreadCount use(impl_->threads);
    const auto start = Clock::now();
    impl_->product.execute(impl_->stream, impl_->arguments);
    impl_->stream.wait();
    const std::chrono::duration<double> time = Clock::now() - start;
    return 2.0 * kSide * kSide * kSide / time.count();
}

} // namespace deblur::cpu
