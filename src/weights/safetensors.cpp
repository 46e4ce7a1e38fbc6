// SPDX-License-Identifier: LGPL-2.1-or-later
#include "weights/safetensors.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "base/atomic_file.h"
#include "base/regular_file.h"
#include "weights/safetensors_header.h"
#include "weights/sha256.h"

namespace deblur {

namespace {

using Length = uint64_t; // the header's, before it

// A file's contents in memory, as RegularFile reads them.
class Memory {
  public:
    Memory(const char *data, size_t size) : data_(data), size_(size) {}
    uint64_t size() const { return size_; }
    void read(uint64_t offset, void *to, size_t size) const {
        if (size > 0)
            std::memcpy(to, data_ + offset, size);
    }

  private:
    const char *data_;
    size_t size_;
};

template <typename Source> std::string read_header_text(const Source &source) {
    Length length = 0;
    if (source.size() < sizeof length)
        throw WeightFileError("truncated: no safetensors header");
    source.read(0, &length, sizeof length);
    if (length > source.size() - sizeof length)
        throw WeightFileError("not a safetensors file, or truncated in its header");
    if (length > kMaxHeaderSize)
        throw WeightFileError("the header has " + std::to_string(length) +
                              " bytes, must have at most " + std::to_string(kMaxHeaderSize));
    std::string text(static_cast<size_t>(length), '\0');
    source.read(sizeof length, text.data(), text.size());
    return text;
}

// The digest of a file that consists of these parts.
std::string digest_of(const std::string &header, const SafetensorsHeader &layout,
                      const WeightFile &file) {
    const Length length = header.size();
    std::vector<std::pair<ByteSpan, const WeightTensor *>> parts;
    for (const auto &[name, tensor] : file.tensors)
        parts.emplace_back(layout.spans.at(name), &tensor);
    std::sort(parts.begin(), parts.end(),
              [](const auto &a, const auto &b) { return a.first.end < b.first.end; });
    Sha256 sum;
    sum.add(&length, sizeof length);
    sum.add(header.data(), header.size());
    for (const auto &[span, tensor] : parts)
        sum.add(tensor->bytes.data(), tensor->bytes.size());
    return sum.digest();
}

template <typename Source>
WeightFile read_from(const Source &source, const WeightCheck &check, const std::string &sha256) {
    const std::string text = read_header_text(source);
    const uint64_t payload = sizeof(Length) + text.size();
    SafetensorsHeader header = parse_header(text, source.size() - payload);
    WeightFile file = std::move(header.file);
    if (check)
        check(file);
    for (auto &[name, tensor] : file.tensors) {
        const ByteSpan &span = header.spans.at(name);
        tensor.bytes.resize(static_cast<size_t>(span.end - span.begin));
        source.read(payload + span.begin, tensor.bytes.data(), tensor.bytes.size());
    }
    if (!sha256.empty() && digest_of(text, header, file) != sha256)
        throw WeightFileError("damaged: the SHA-256 is not the one in the model list");
    return file;
}

// Calls what may throw a cause, and adds the file's name to that.
template <typename Call> auto with_name(const std::string &name, const Call &call) {
    const auto named = [&](const std::exception &error) {
        return WeightFileError("weights '" + name + "': " + error.what());
    };
    try {
        return call();
    } catch (const WeightFileError &error) {
        throw named(error);
    } catch (const FileError &error) {
        throw named(error);
    }
}

} // namespace

WeightFile parse_safetensors(const char *data, size_t size, const std::string &name,
                             const WeightCheck &check) {
    return with_name(name, [&] { return read_from(Memory(data, size), check, ""); });
}

WeightFile read_safetensors(const std::string &path, const WeightCheck &check,
                            const std::string &sha256) {
    return with_name(path, [&] { return read_from(RegularFile(path), check, sha256); });
}

void write_safetensors(const std::string &path, const WeightFile &file) {
    with_name(path, [&] {
        const std::string header = format_header(file);
        const Length length = header.size();
        AtomicFile output(path);
        output.write(&length, sizeof length);
        output.write(header.data(), header.size());
        for (const auto &[name, tensor] : file.tensors)
            output.write(tensor.bytes.data(), tensor.bytes.size());
        output.commit();
    });
}

} // namespace deblur
