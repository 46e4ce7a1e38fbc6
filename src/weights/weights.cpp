// SPDX-License-Identifier: LGPL-2.1-or-later
#include "weights/weights.h"

#include <cstring>
#include <string>

#include "base/half.h"

namespace deblur {

namespace {

template <typename Convert>
void convert_words(const std::vector<char> &bytes, std::vector<float> &floats,
                   const Convert &convert) {
    for (size_t i = 0; i < floats.size(); ++i) {
        uint16_t word;
        std::memcpy(&word, &bytes[i * sizeof word], sizeof word);
        floats[i] = convert(word);
    }
}

} // namespace

size_t element_size(Dtype dtype) {
    switch (dtype) {
    case Dtype::F32:
        return 4;
    case Dtype::F16:
    case Dtype::BF16:
        return 2;
    case Dtype::I64:
        return 8;
    }
    return 0;
}

const char *name_of(Dtype dtype) {
    switch (dtype) {
    case Dtype::F32:
        return "F32";
    case Dtype::F16:
        return "F16";
    case Dtype::BF16:
        return "BF16";
    case Dtype::I64:
        return "I64";
    }
    return "";
}

int64_t WeightTensor::elements() const {
    int64_t product = 1;
    for (const int64_t extent : shape)
        product *= extent;
    return product;
}

std::vector<float> to_floats(const WeightTensor &tensor) {
    static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "weights are little-endian");
    std::vector<float> floats(tensor.bytes.size() / element_size(tensor.dtype));
    switch (tensor.dtype) {
    case Dtype::F32:
        if (!floats.empty())
            std::memcpy(floats.data(), tensor.bytes.data(), tensor.bytes.size());
        break;
    case Dtype::F16:
        convert_words(tensor.bytes, floats, float_of_half);
        break;
    case Dtype::BF16:
        convert_words(tensor.bytes, floats, float_of_bfloat16);
        break;
    case Dtype::I64:
        throw std::invalid_argument("dtype must be F32, F16 or BF16 (got I64)");
    }
    return floats;
}

} // namespace deblur
