// SPDX-License-Identifier: LGPL-2.1-or-later
#include "weights/safetensors_header.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/in_quotes.h"

namespace deblur {

namespace {

using nlohmann::json;

constexpr int64_t kMaxElements = int64_t{1} << 32;
constexpr size_t kMaxDimensions = 8;
constexpr size_t kMaxDepth = 127; // as in huggingface's implementation
constexpr const char *kMetadataKey = "__metadata__";
constexpr const char *kFields[] = {"dtype", "shape", "data_offsets"};
constexpr Dtype kDtypes[] = {Dtype::F32, Dtype::F16, Dtype::BF16, Dtype::I64};

[[noreturn]] void fail(const std::string &what) {
    throw WeightFileError(what);
}

// Takes the header's parts as the parser meets them: nothing is built of what is ignored or wrong.
class HeaderReader : public json::json_sax_t {
  public:
    explicit HeaderReader(uint64_t payload) : payload_(payload) {}

    SafetensorsHeader take() { return std::move(header_); }

    bool null() override {
        // Metadata that are null are none.
        return place() == Place::Header && name_ == kMetadataKey ? true : unexpected();
    }
    bool boolean(bool) override { return unexpected(); }
    bool number_integer(number_integer_t) override { return unexpected(); }
    bool number_float(number_float_t, const string_t &) override { return unexpected(); }
    bool binary(binary_t &) override { return unexpected(); }

    bool number_unsigned(number_unsigned_t value) override {
        if (place() == Place::Shape)
            add_extent(value);
        else if (place() == Place::Offsets)
            offsets_.push_back(value);
        else
            return unexpected();
        if (offsets_.size() > 2)
            fail(label() + " must have two data_offsets");
        return true;
    }

    bool string(string_t &value) override {
        if (place() == Place::Metadata)
            header_.file.metadata[field_] = std::move(value);
        else if (place() == Place::Tensor && field_ == "dtype")
            set_dtype(value);
        else
            return unexpected();
        return true;
    }

    bool start_object(size_t) override {
        if (places_.empty())
            return enter(Place::Header);
        if (place() != Place::Header) {
            unexpected();
            return enter(Place::Ignored);
        }
        return enter(name_ == kMetadataKey ? Place::Metadata : Place::Tensor);
    }

    bool start_array(size_t) override {
        if (place() == Place::Tensor && field_ == "shape")
            return enter(Place::Shape);
        if (place() == Place::Tensor && field_ == "data_offsets")
            return enter(Place::Offsets);
        unexpected();
        return enter(Place::Ignored);
    }

    bool key(string_t &value) override {
        if (place() == Place::Header)
            begin_entry(std::move(value));
        else if (place() == Place::Metadata || place() == Place::Tensor)
            begin_field(std::move(value));
        return true;
    }

    bool end_object() override {
        if (place() == Place::Tensor)
            add_tensor();
        places_.pop_back();
        return true;
    }

    bool end_array() override {
        places_.pop_back();
        return true;
    }

    bool parse_error(size_t position, const std::string &,
                     const nlohmann::detail::exception &) override {
        fail("the header is not JSON (byte " + std::to_string(position) + ")");
    }

  private:
    enum class Place { Outside, Header, Metadata, Tensor, Shape, Offsets, Ignored };

    Place place() const { return places_.empty() ? Place::Outside : places_.back(); }
    std::string label() const { return "tensor " + in_quotes(name_); }

    bool enter(Place place) {
        if (places_.size() == kMaxDepth)
            fail("the header is nested more than " + std::to_string(kMaxDepth) + " deep");
        places_.push_back(place);
        return true;
    }

    // A value of a kind that belongs elsewhere: an error, or in what is ignored.
    bool unexpected() const {
        switch (place()) {
        case Place::Outside:
            fail("the header is not a JSON object");
        case Place::Header:
            fail(name_ == kMetadataKey ? "__metadata__ is not an object"
                                       : label() + " is not an object");
        case Place::Metadata:
            fail("__metadata__ " + in_quotes(field_) + " is not a string");
        case Place::Shape:
            fail(label() + " has a malformed shape");
        case Place::Offsets:
            fail(label() + " has malformed data_offsets");
        case Place::Tensor:
            if (std::count(std::begin(kFields), std::end(kFields), field_) > 0)
                fail(label() + " has malformed " + field_);
            return true;
        case Place::Ignored:
            return true;
        }
        return true;
    }

    void begin_entry(std::string name) {
        const bool is_metadata = name == kMetadataKey;
        if (is_metadata ? has_metadata_ : header_.spans.count(name) > 0)
            fail(in_quotes(name) + " is there twice");
        has_metadata_ |= is_metadata;
        name_ = std::move(name);
        tensor_ = {};
        offsets_.clear();
        fields_.clear();
    }

    void begin_field(std::string field) {
        field_ = std::move(field);
        const bool is_known = std::count(std::begin(kFields), std::end(kFields), field_) > 0;
        if (place() == Place::Metadata ? header_.file.metadata.count(field_) > 0
                                       : std::count(fields_.begin(), fields_.end(), field_) > 0)
            fail((place() == Place::Metadata ? kMetadataKey : label()) + " has " +
                 in_quotes(field_) + " twice");
        if (place() == Place::Tensor && is_known)
            fields_.push_back(field_);
    }

    void set_dtype(const std::string &name) {
        std::string valid;
        for (const Dtype dtype : kDtypes) {
            if (name == name_of(dtype)) {
                tensor_.dtype = dtype;
                return;
            }
            valid += (valid.empty() ? "" : ", ") + std::string(name_of(dtype));
        }
        fail(label() + ": dtype must be one of " + valid + " (got " + in_quotes(name) + ")");
    }

    void add_extent(uint64_t extent) {
        if (tensor_.shape.size() == kMaxDimensions)
            fail(label() + " has more than " + std::to_string(kMaxDimensions) + " dimensions");
        if (extent > static_cast<uint64_t>(kMaxElements))
            fail(label() + " is too large");
        tensor_.shape.push_back(static_cast<int64_t>(extent));
    }

    void add_tensor() {
        if (fields_.size() != std::size(kFields))
            fail(label() + " lacks dtype, shape or data_offsets");
        if (offsets_.size() != 2)
            fail(label() + " must have two data_offsets");
        const ByteSpan span{offsets_[0], offsets_[1]};
        if (span.begin > span.end || span.end > payload_)
            fail(label() + " lies outside of the file: truncated?");
        int64_t elements = 1;
        for (const int64_t extent : tensor_.shape) {
            if (extent != 0 && elements > kMaxElements / extent)
                fail(label() + " is too large");
            elements *= extent;
        }
        if (static_cast<uint64_t>(elements) * element_size(tensor_.dtype) != span.end - span.begin)
            fail(label() + " has data_offsets that do not fit its shape");
        header_.spans.emplace(name_, span);
        header_.file.tensors.emplace(name_, std::move(tensor_));
    }

    uint64_t payload_;
    SafetensorsHeader header_;
    std::vector<Place> places_; // that the parser is in, outermost first
    std::string name_, field_;  // the last keys of the header, and of its entry
    bool has_metadata_ = false;
    WeightTensor tensor_;             // the one that is being read
    std::vector<uint64_t> offsets_;   // and its data_offsets
    std::vector<std::string> fields_; // and those of kFields that it has
};

// Bytes that nothing names could hide anything.
void check_coverage(const std::map<std::string, ByteSpan> &spans, uint64_t payload) {
    std::vector<ByteSpan> sorted;
    for (const auto &[name, span] : spans)
        sorted.push_back(span);
    std::sort(sorted.begin(), sorted.end(), [](const ByteSpan &a, const ByteSpan &b) {
        return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
    });
    uint64_t expected = 0;
    for (const auto &span : sorted) {
        if (span.begin != expected)
            fail("tensors overlap or leave gaps");
        expected = span.end;
    }
    if (expected != payload)
        fail("bytes behind the last tensor");
}

} // namespace

SafetensorsHeader parse_header(std::string_view text, uint64_t payload) {
    // The parser would skip a byte-order mark, and takes a zero byte for the end.
    const size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos || text[first] != '{' ||
        text.find('\0') != std::string_view::npos)
        fail("the header is not a JSON object");
    HeaderReader reader(payload);
    json::sax_parse(text.begin(), text.end(), &reader);
    auto header = reader.take();
    check_coverage(header.spans, payload);
    return header;
}

std::string format_header(const WeightFile &file) {
    json header = json::object();
    if (!file.metadata.empty())
        header[kMetadataKey] = file.metadata;
    size_t offset = 0;
    for (const auto &[name, tensor] : file.tensors) {
        const size_t end = offset + tensor.bytes.size();
        header[name] = {{"dtype", name_of(tensor.dtype)},
                        {"shape", tensor.shape},
                        {"data_offsets", {offset, end}}};
        offset = end;
    }
    std::string text = header.dump(-1, ' ', false, json::error_handler_t::replace);
    text.resize((text.size() + 7) / 8 * 8, ' '); // align the tensors
    return text;
}

} // namespace deblur
