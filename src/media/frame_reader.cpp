// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media/frame_reader.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <set>

#include "media/libav.h"
#include "media/picture_file.h"

namespace deblur {

namespace {

namespace fs = std::filesystem;

bool is_picture(const fs::path &path) {
    static const std::set<std::string> extensions{".png", ".jpg", ".jpeg", ".webp",
                                                  ".bmp", ".tif", ".tiff"};
    std::string extension = path.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    return extensions.count(extension) > 0;
}

} // namespace

FrameReader::FrameReader(const std::string &path) {
    if (!fs::is_directory(path)) {
        video_.emplace(path);
        return;
    }
    for (const auto &entry : fs::directory_iterator(path))
        if (is_picture(entry.path()))
            pictures_.push_back(entry.path().string());
    if (pictures_.empty())
        throw MediaError("'" + path + "': holds no pictures");
    std::sort(pictures_.begin(), pictures_.end(), [](const auto &a, const auto &b) {
        return a.size() != b.size() ? a.size() < b.size() : a < b; // shorter numbers are smaller
    });
}

std::optional<torch::Tensor> FrameReader::read() {
    if (video_)
        return video_->read();
    if (next_ == pictures_.size())
        return std::nullopt;
    return read_picture(pictures_[next_++]);
}

} // namespace deblur
