// SPDX-License-Identifier: LGPL-2.1-or-later
#include "inference/cpu/convolution.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include <dnnl.hpp>
#if DNNL_CPU_RUNTIME == DNNL_RUNTIME_OMP
#include <omp.h>
#endif

#include "inference/cpu/direct.h"
#include "inference/cpu/threads.h"
#include "inference/cpu/winograd.h"

namespace deblur::cpu {

namespace {

using dnnl::convolution_forward;
using dnnl::memory;

const dnnl::engine &cpu_engine() {
    static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    return engine;
}

/// One thread for each of oneDNN's calls while it lives: those who call share the work. (Debian's oneDNN asks OpenMP.)
class OneThread {
  public:
    OneThread() { set(1); }
    ~OneThread() { set(before_); }
    OneThread(const OneThread &) = delete;
    OneThread &operator=(const OneThread &) = delete;

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

memory::data_type type_of(Element element) {
    switch (element) {
    case Element::Float32:
        return memory::data_type::f32;
    case Element::BFloat16:
        return memory::data_type::bf16;
    case Element::UInt8:
        return memory::data_type::u8;
    case Element::Int8:
        return memory::data_type::s8;
    }
    throw std::logic_error("an element of an unknown kind");
}

convolution_forward::primitive_desc describe(const Kernel &kernel, const Strip &strip, Element src,
                                             Element dst, const dnnl::primitive_attr &attributes) {
    using tag = memory::format_tag;
    const int rows = (strip.out_rows - 1) * strip.stride + kernel.size;
    const int right =
        (strip.out_width - 1) * strip.stride + kernel.size - strip.in_width - strip.left;
    const memory::desc src_desc({1, kernel.in, rows, strip.in_width}, type_of(src), tag::nhwc);
    const auto weights_type = size_of(src) == 1 ? memory::data_type::s8 : type_of(src);
    const memory::desc weights_desc({kernel.out, kernel.in, kernel.size, kernel.size}, weights_type,
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

// Integer factors of a product, and what its sums have to be multiplied with, for each output channel.
struct IntegerKernel {
    std::vector<int8_t> weights;
    std::vector<float> scales, biases;
};

IntegerKernel quantized(const Kernel &kernel, const Convolution::Scales &scales) {
    IntegerKernel result;
    const size_t count = kernel.weights.size() / static_cast<size_t>(kernel.out);
    for (int channel = 0; channel < kernel.out; ++channel) {
        const auto begin = kernel.weights.begin() + static_cast<ptrdiff_t>(channel * count);
        const auto end = begin + static_cast<ptrdiff_t>(count);
        float largest = 1e-20f; // all zero is possible
        for (auto weight = begin; weight != end; ++weight)
            largest = std::max(largest, std::abs(*weight));
        for (auto weight = begin; weight != end; ++weight)
            result.weights.push_back(static_cast<int8_t>(std::lround(*weight / largest * 127)));
        const float scale = largest / 127 * scales.src;
        result.scales.push_back(scale / scales.dst);
#if DNNL_VERSION_MAJOR >= 3
        result.biases.push_back(kernel.biases[channel] / scales.dst);
#else
        result.biases.push_back(kernel.biases[channel] / scale); // scaled with the sum
#endif
    }
    return result;
}

dnnl::primitive_attr attributes(const std::vector<float> &scales, bool add, Activation activation) {
    dnnl::post_ops then;
    if (add)
        then.append_sum(1.0f);
    const auto follow = [&](dnnl::algorithm algorithm, float alpha) {
#if DNNL_VERSION_MAJOR >= 3
        then.append_eltwise(algorithm, alpha, 0);
#else
        then.append_eltwise(1.0f, algorithm, alpha, 0);
#endif
    };
    switch (activation) {
    case Activation::None:
        break;
    case Activation::Relu:
        follow(dnnl::algorithm::eltwise_relu, 0);
        break;
    case Activation::LeakyRelu:
        follow(dnnl::algorithm::eltwise_relu, kLeak);
        break;
    case Activation::Tanh:
        follow(dnnl::algorithm::eltwise_tanh, 0);
        break;
    case Activation::Sigmoid:
        follow(dnnl::algorithm::eltwise_logistic, 0);
        break;
    }
    dnnl::primitive_attr result;
    if (!scales.empty()) {
#if DNNL_VERSION_MAJOR >= 3
        result.set_scales_mask(DNNL_ARG_WEIGHTS, 1 << 0); // the scales come with the call
#else
        result.set_output_scales(1 << 1, scales);
#endif
    }
    result.set_post_ops(then);
    // Scratch memory of our own: oneDNN's would be allocated in every call.
    result.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    return result;
}

} // namespace

/// A way to compute it.
class Convolution::Way {
  public:
    virtual ~Way() = default;
    virtual void run(const void *src, void *dst, int rows) const = 0;
};

namespace {

// In float32: Winograd or DirectConvolution.
template <class Floats> class InFloat32 : public Convolution::Way {
  public:
    template <class... Arguments>
    explicit InFloat32(Arguments &&...arguments) : floats_(std::forward<Arguments>(arguments)...) {}

    void run(const void *src, void *dst, int rows) const override {
        floats_.run(static_cast<const float *>(src), static_cast<float *>(dst), rows,
                    static_cast<float *>(scratch_memory(floats_.scratch() * sizeof(float))));
    }

  private:
    Floats floats_;
};

class ByOneDnn : public Convolution::Way {
  public:
    ByOneDnn(const Kernel &kernel, const Strip &strip, Element src, Element dst,
             Convolution::Scales scales, bool add, Activation activation) {
        const OneThread alone;
        const bool integer = size_of(src) == 1;
        const auto codes = integer ? quantized(kernel, scales) : IntegerKernel();
        desc_ = describe(kernel, strip, src, dst, attributes(codes.scales, add, activation));
        primitive_ = convolution_forward(desc_);
        weights_ = memory(desc_.weights_desc(), cpu_engine());
        biases_ = memory(desc_.bias_desc(), cpu_engine());
#if DNNL_VERSION_MAJOR >= 3
        if (integer) {
            scales_ =
                memory({{kernel.out}, memory::data_type::f32, memory::format_tag::x}, cpu_engine());
            std::copy(codes.scales.begin(), codes.scales.end(),
                      static_cast<float *>(scales_.get_data_handle()));
        }
#endif
        const auto &biases = integer ? codes.biases : kernel.biases;
        std::copy(biases.begin(), biases.end(), static_cast<float *>(biases_.get_data_handle()));

        const auto type = integer ? memory::data_type::s8 : memory::data_type::f32;
        const void *values = integer ? static_cast<const void *>(codes.weights.data())
                                     : static_cast<const void *>(kernel.weights.data());
        memory plain(
            {{kernel.out, kernel.in, kernel.size, kernel.size}, type, memory::format_tag::oihw},
            cpu_engine(), const_cast<void *>(values));
        dnnl::stream stream(cpu_engine());
        dnnl::reorder(plain, weights_).execute(stream, plain, weights_);
        stream.wait();
    }

    void run(const void *src, void *dst, int) const override {
        const OneThread alone;
        const memory from(desc_.src_desc(), cpu_engine(), const_cast<void *>(src)),
            to(desc_.dst_desc(), cpu_engine(), dst);
        const auto needed = desc_.scratchpad_desc();
        const memory scratch(needed, cpu_engine(), scratch_memory(needed.get_size()));
        dnnl::stream stream(cpu_engine());
        // The C function: the C++ one takes a map, to be built in every call.
        std::array<dnnl_exec_arg_t, 6> arguments{{
            {DNNL_ARG_SRC, from.get()},
            {DNNL_ARG_WEIGHTS, weights_.get()},
            {DNNL_ARG_BIAS, biases_.get()},
            {DNNL_ARG_DST, to.get()},
            {DNNL_ARG_SCRATCHPAD, scratch.get()},
        }};
        int count = 5;
#if DNNL_VERSION_MAJOR >= 3
        if (scales_)
            arguments[count++] = {DNNL_ARG_ATTR_SCALES | DNNL_ARG_WEIGHTS, scales_.get()};
#endif
        const auto status =
            dnnl_primitive_execute(primitive_.get(), stream.get(), count, arguments.data());
        if (status != dnnl_success)
            throw std::runtime_error("oneDNN: a convolution failed, status " +
                                     std::to_string(status));
    }

  private:
    convolution_forward::primitive_desc desc_;
    convolution_forward primitive_;
    memory weights_, biases_;
    memory scales_; // of an integer product, for each output channel
};

} // namespace

Convolution::Convolution(const Kernel &kernel, const Strip &strip, Element src, Element dst,
                         Scales scales, bool add, Activation activation, const Range *range) {
    if (src == Element::Float32) {
        if (Winograd::serves(kernel, strip))
            way_ = std::make_unique<InFloat32<Winograd>>(kernel, strip, add, activation, range);
        else
            way_ = std::make_unique<InFloat32<DirectConvolution>>(kernel, strip, add, activation);
        return;
    }
    try {
        way_ = std::make_unique<ByOneDnn>(kernel, strip, src, dst, scales, add, activation);
    } catch (const dnnl::error &error) {
        throw std::runtime_error(std::string("oneDNN: ") + error.what());
    }
}

Convolution::~Convolution() = default;

void Convolution::run(const void *src, void *dst, int rows) const {
    way_->run(src, dst, rows);
}

} // namespace deblur::cpu
