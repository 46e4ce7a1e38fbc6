// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/cpu/convolution.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

#include <dnnl.hpp>

namespace deblur::cpu {

namespace {

using dnnl::convolution_forward;
using dnnl::memory;

const dnnl::engine &cpu_engine() {
    static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    return engine;
}

memory::data_type type_of(Element element) {
    return element == Element::Float32 ? memory::data_type::f32 : memory::data_type::bf16;
}

convolution_forward::primitive_desc describe(const Kernel &kernel, const Strip &strip, Element src,
                                             Element dst, const dnnl::primitive_attr &attributes) {
    using tag = memory::format_tag;
    const int rows = (strip.out_rows - 1) * strip.stride + kernel.size;
    const int right =
        (strip.out_width - 1) * strip.stride + kernel.size - strip.in_width - strip.left;
    const memory::desc src_desc({1, kernel.in, rows, strip.in_width}, type_of(src), tag::nhwc);
    const memory::desc weights_desc({kernel.out, kernel.in, kernel.size, kernel.size}, type_of(src),
                                    tag::any);
    const memory::desc bias_desc({kernel.out}, memory::data_type::f32, tag::x);
    const memory::desc dst_desc({1, kernel.out, strip.out_rows, strip.out_width}, type_of(dst),
                                tag::nhwc);
    const memory::dims strides{strip.stride, strip.stride}, before{0, strip.left}, after{0, right};
    const auto use = dnnl::prop_kind::forward_inference;
    const auto algorithm = dnnl::algorithm::convolution_direct;
#if DNNL_VERSION_MAJOR >= 3
    return {cpu_engine(), use,     algorithm, src_desc, weights_desc, bias_desc,
            dst_desc,     strides, before,    after,    attributes};
#else
    const convolution_forward::desc desc(use, algorithm, src_desc, weights_desc, bias_desc,
                                         dst_desc, strides, before, after);
    return {desc, attributes, cpu_engine()};
#endif
}

dnnl::primitive_attr attributes(bool add, Activation activation) {
    dnnl::post_ops then;
    if (add)
        then.append_sum(1.0f);
    const auto follow = [&](dnnl::algorithm algorithm) {
#if DNNL_VERSION_MAJOR >= 3
        then.append_eltwise(algorithm, 0, 0);
#else
        then.append_eltwise(1.0f, algorithm, 0, 0);
#endif
    };
    if (activation == Activation::Relu)
        follow(dnnl::algorithm::eltwise_relu);
    if (activation == Activation::Tanh)
        follow(dnnl::algorithm::eltwise_tanh);
    dnnl::primitive_attr result;
    result.set_post_ops(then);
    // Scratch memory of our own: oneDNN's would be allocated in every call.
    result.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    return result;
}

} // namespace

struct Convolution::Impl {
    explicit Impl(const convolution_forward::primitive_desc &desc)
        : stream(cpu_engine()), src(desc.src_desc(), cpu_engine(), nullptr),
          weights(desc.weights_desc(), cpu_engine()), biases(desc.bias_desc(), cpu_engine()),
          dst(desc.dst_desc(), cpu_engine(), nullptr),
          scratch(desc.scratchpad_desc(), cpu_engine()), primitive(desc) {}

    dnnl::stream stream;
    memory src, weights, biases, dst, scratch;
    convolution_forward primitive;
};

Convolution::Convolution(const Kernel &kernel, const Strip &strip, Element src, Element dst,
                         bool add, Activation activation) {
    try {
        const auto desc = describe(kernel, strip, src, dst, attributes(add, activation));
        impl_ = std::make_unique<Impl>(desc);
        memory plain({{kernel.out, kernel.in, kernel.size, kernel.size},
                      memory::data_type::f32,
                      memory::format_tag::oihw},
                     cpu_engine(), const_cast<float *>(kernel.weights.data()));
        dnnl::reorder(plain, impl_->weights).execute(impl_->stream, plain, impl_->weights);
        auto *biases = static_cast<float *>(impl_->biases.get_data_handle());
        std::copy(kernel.biases.begin(), kernel.biases.end(), biases);
        impl_->stream.wait();
    } catch (const dnnl::error &error) {
        throw std::runtime_error(std::string("oneDNN: ") + error.what());
    }
}

Convolution::~Convolution() = default;

void Convolution::run(void *src, void *dst) {
    impl_->src.set_data_handle(src);
    impl_->dst.set_data_handle(dst);
    // The C function: the C++ one takes a map, to be built in every call.
    const std::array<dnnl_exec_arg_t, 5> arguments{{
        {DNNL_ARG_SRC, impl_->src.get()},
        {DNNL_ARG_WEIGHTS, impl_->weights.get()},
        {DNNL_ARG_BIAS, impl_->biases.get()},
        {DNNL_ARG_DST, impl_->dst.get()},
        {DNNL_ARG_SCRATCHPAD, impl_->scratch.get()},
    }};
    const auto status =
        dnnl_primitive_execute(impl_->primitive.get(), impl_->stream.get(),
                               static_cast<int>(arguments.size()), arguments.data());
    if (status != dnnl_success)
        throw std::runtime_error("oneDNN: a convolution failed, status " + std::to_string(status));
}

} // namespace deblur::cpu
