// Files that are no weight files by their kind or size.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstring>
#include <filesystem>
#include <fstream>

#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "weights/safetensors.h"

namespace deblur {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string read_error(const std::string &path, const WeightCheck &check = {}) {
    try {
        read_safetensors(path, check);
    } catch (const std::runtime_error &error) {
        return error.what();
    }
    return "accepted";
}

TEST(WeightFiles, AMissingOneIsNamed) {
    EXPECT_THAT(read_error("/nonexistent/file.safetensors"),
                AllOf(HasSubstr("/nonexistent/file.safetensors"), HasSubstr("No such file")));
}

TEST(WeightFiles, OnlyRegularOnesAreRead) {
    const std::string fifo = testing::TempDir() + "weights.fifo";
    std::filesystem::remove(fifo);
    ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
    EXPECT_THAT(read_error(fifo), HasSubstr("regular file"));
    std::filesystem::remove(fifo);
    EXPECT_THAT(read_error(testing::TempDir()), HasSubstr("directory"));
    EXPECT_THAT(read_error("/dev/zero"), HasSubstr("regular file"));
}

// Terabytes, of which only the header is on the disk.
class SparseFile : public testing::Test {
  protected:
    void write(const std::string &header, uint64_t size) const {
        const uint64_t length = header.size();
        std::ofstream stream(path_, std::ios::binary);
        stream.write(reinterpret_cast<const char *>(&length), sizeof length);
        stream << header;
        stream.close();
        std::filesystem::resize_file(path_, size);
    }
    void TearDown() override { std::filesystem::remove(path_); }

    const std::string path_ = testing::TempDir() + "sparse.safetensors";
};

constexpr uint64_t kTerabytes = uint64_t{4} << 40;

TEST_F(SparseFile, IsRefusedByItsHeader) {
    write(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", kTerabytes);
    EXPECT_THAT(read_error(path_), HasSubstr("behind the last tensor"));
    write("", kTerabytes);
    EXPECT_THAT(read_error(path_), HasSubstr("not a JSON object"));
    write(std::string(5 << 20, ' '), kTerabytes);
    EXPECT_THAT(read_error(path_), HasSubstr("header has 5242880 bytes"));
}

TEST_F(SparseFile, IsCheckedBeforeItsTensorsAreRead) {
    std::string header = "{";
    for (int i = 0; i < 64; ++i) {
        const uint64_t each = uint64_t{16} << 30;
        header += (i > 0 ? ",\"" : "\"") + std::to_string(i) +
                  R"(":{"dtype":"F32","shape":[4294967296],"data_offsets":[)" +
                  std::to_string(i * each) + "," + std::to_string((i + 1) * each) + "]}";
    }
    header += "}";
    write(header, 8 + header.size() + (uint64_t{1} << 40));
    EXPECT_EQ(read_error(path_,
                         [](const WeightFile &file) {
                             EXPECT_EQ(file.tensors.size(), 64u);
                             EXPECT_TRUE(file.tensors.at("7").bytes.empty());
                             throw std::runtime_error("not wanted");
                         }),
              "not wanted");
}

} // namespace
} // namespace deblur
