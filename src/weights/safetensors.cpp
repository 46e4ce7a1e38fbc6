// SPDX-License-Identifier: LGPL-2.1-or-later
#include "weights/safetensors.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include <ATen/ATen.h>
#include <nlohmann/json.hpp>

namespace deblur {

namespace {

using nlohmann::json;

constexpr size_t kMaxHeader = 16 << 20;
constexpr int64_t kMaxElements = int64_t{1} << 32;

struct DtypeName {
    const char *name;
    at::ScalarType type;
};

const DtypeName kDtypes[] = {
    {"F32", at::kFloat}, {"F16", at::kHalf}, {"BF16", at::kBFloat16}, {"I64", at::kLong}};

struct Span {
    size_t begin, end;
};

class Parser {
  public:
    Parser(const char *data, size_t size, const std::string &name)
        : data_(data), size_(size), name_(name) {}

    WeightFile parse() {
        const json header = read_header();
        WeightFile file;
        for (const auto &[key, value] : header.items()) {
            if (key == "__metadata__")
                file.metadata = read_metadata(value);
            else
                file.tensors.emplace(key, read_tensor(key, value));
        }
        check_coverage();
        return file;
    }

  private:
    [[noreturn]] void fail(const std::string &what) const {
        throw WeightFileError("weights '" + name_ + "': " + what);
    }

    json read_header() {
        uint64_t length = 0;
        if (size_ < sizeof length)
            fail("truncated: no safetensors header");
        std::memcpy(&length, data_, sizeof length);
        if (length > kMaxHeader || length > size_ - sizeof length)
            fail("not a safetensors file, or truncated in its header");
        payload_ = sizeof length + static_cast<size_t>(length);
        auto header = json::parse(data_ + sizeof length, data_ + payload_, nullptr, false);
        if (!header.is_object())
            fail("the header is not a JSON object");
        return header;
    }

    std::map<std::string, std::string> read_metadata(const json &value) const {
        std::map<std::string, std::string> metadata;
        if (!value.is_object())
            fail("__metadata__ is not an object");
        for (const auto &[key, text] : value.items()) {
            if (!text.is_string())
                fail("__metadata__ '" + key + "' is not a string");
            metadata[key] = text.get<std::string>();
        }
        return metadata;
    }

    torch::Tensor read_tensor(const std::string &key, const json &value) {
        const std::string label = "tensor '" + key + "'";
        if (!value.is_object() || !value.contains("dtype") || !value.contains("shape") ||
            !value.contains("data_offsets"))
            fail(label + " lacks dtype, shape or data_offsets");
        const auto type = read_dtype(label, value["dtype"]);
        const auto shape = read_shape(label, value["shape"]);

        const auto &offsets = value["data_offsets"];
        if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
            !offsets[1].is_number_unsigned())
            fail(label + " has malformed data_offsets");
        const Span span{offsets[0].get<size_t>(), offsets[1].get<size_t>()};
        if (span.begin > span.end || span.end > size_ - payload_)
            fail(label + " lies outside of the file: truncated?");

        int64_t elements = 1;
        for (const int64_t extent : shape) {
            if (extent != 0 && elements > kMaxElements / extent)
                fail(label + " is too large");
            elements *= extent;
        }
        if (static_cast<size_t>(elements) * c10::elementSize(type) != span.end - span.begin)
            fail(label + " has data_offsets that do not fit its shape");

        auto tensor = at::empty(shape, at::TensorOptions(type));
        if (elements > 0)
            std::memcpy(tensor.data_ptr(), data_ + payload_ + span.begin, span.end - span.begin);
        spans_.push_back(span);
        return tensor;
    }

    at::ScalarType read_dtype(const std::string &label, const json &value) const {
        for (const auto &dtype : kDtypes)
            if (value == dtype.name)
                return dtype.type;
        fail(label + " has dtype " + value.dump() + ", valid are F32, F16, BF16, I64");
    }

    std::vector<int64_t> read_shape(const std::string &label, const json &value) const {
        std::vector<int64_t> shape;
        if (!value.is_array() || value.size() > 8)
            fail(label + " has a malformed shape");
        for (const auto &extent : value) {
            if (!extent.is_number_unsigned() || extent.get<uint64_t>() > kMaxElements)
                fail(label + " has a malformed shape");
            shape.push_back(extent.get<int64_t>());
        }
        return shape;
    }

    // Tensors must tile the payload: bytes that nothing names could hide anything.
    void check_coverage() {
        std::sort(spans_.begin(), spans_.end(), [](const Span &a, const Span &b) {
            return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
        });
        size_t expected = 0;
        for (const auto &span : spans_) {
            if (span.begin != expected)
                fail("tensors overlap or leave gaps");
            expected = span.end;
        }
        if (expected != size_ - payload_)
            fail("bytes behind the last tensor");
    }

    const char *data_;
    size_t size_;
    const std::string &name_;
    size_t payload_ = 0;
    std::vector<Span> spans_;
};

} // namespace

WeightFile parse_safetensors(const char *data, size_t size, const std::string &name) {
    return Parser(data, size, name).parse();
}

WeightFile read_safetensors(const std::string &path) {
    std::error_code error; // of directories, too
    const auto size = std::filesystem::file_size(path, error);
    if (error)
        throw WeightFileError("weights '" + path + "': " + error.message());
    std::vector<char> contents(size);
    std::ifstream stream(path, std::ios::binary);
    if (!stream.read(contents.data(), static_cast<std::streamsize>(size)))
        throw WeightFileError("weights '" + path + "': cannot be read: " + std::strerror(errno));
    return parse_safetensors(contents.data(), contents.size(), path);
}

void write_safetensors(const std::string &path, const WeightFile &file) {
    json header = json::object();
    if (!file.metadata.empty())
        header["__metadata__"] = file.metadata;
    std::vector<torch::Tensor> payload;
    size_t offset = 0;
    for (const auto &[name, tensor] : file.tensors) {
        const auto type = tensor.scalar_type();
        const auto dtype = std::find_if(std::begin(kDtypes), std::end(kDtypes),
                                        [=](const DtypeName &entry) { return entry.type == type; });
        if (dtype == std::end(kDtypes))
            throw WeightFileError("weights '" + path + "': tensor '" + name +
                                  "' has a type that cannot be written");
        payload.push_back(tensor.detach().cpu().contiguous());
        const size_t size = payload.back().nbytes();
        header[name] = {{"dtype", dtype->name},
                        {"shape", tensor.sizes().vec()},
                        {"data_offsets", {offset, offset + size}}};
        offset += size;
    }
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' '); // align the tensors

    const std::string partial = path + ".partial";
    std::ofstream stream(partial, std::ios::binary | std::ios::trunc);
    const uint64_t length = text.size();
    stream.write(reinterpret_cast<const char *>(&length), sizeof length);
    stream.write(text.data(), static_cast<std::streamsize>(text.size()));
    for (const auto &tensor : payload)
        stream.write(static_cast<const char *>(tensor.data_ptr()),
                     static_cast<std::streamsize>(tensor.nbytes()));
    stream.close();
    if (!stream || std::rename(partial.c_str(), path.c_str()) != 0)
        throw WeightFileError("weights '" + path + "': cannot be written: " + std::strerror(errno));
}

} // namespace deblur
