// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training/validation.h"

#include <fmt/format.h>

#include "training/trainer.h"

namespace deblur {

std::vector<ValidationSet> validation_sets(const std::string &data, Scenes scenes, int64_t clips,
                                           const std::string &real) {
    constexpr int64_t kFrames = 7, kSize = 192;
    DatasetOptions held_out;
    held_out.scenes = scenes;
    held_out.seed = 20170;
    held_out.frames = kFrames;
    held_out.height = held_out.width = kSize;
    held_out.compressed = held_out.soft = 0;
    const auto sources = std::make_shared<SourceLibrary>(data, Split::Validation);
    std::vector<ValidationSet> sets;
    const auto add = [&](const char *name, std::vector<SequencePair> sequences) {
        const double input = blurry_psnr(sequences);
        sets.push_back({name, std::move(sequences), input});
    };
    add("synthetic", synthetic_sequences(Dataset(sources, held_out), clips));
    if (!real.empty())
        add("real", read_sequences(real));
    return sets;
}

ValidationFigures validate(Trainer &trainer, const std::vector<ValidationSet> &sets) {
    ValidationFigures figures;
    for (const auto &set : sets) {
        figures.last = trainer.validate(set.sequences);
        figures.gains.push_back(figures.last - set.input);
        figures.text += fmt::format("  {} {:.3f} dB ({:+.3f})", set.name, figures.last, figures.gains.back());
    }
    return figures;
}

} // namespace deblur
