// What training measures on its way: sequences that nothing is learnt from.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "training/sequences.h"

namespace deblur {

class Trainer;

struct ValidationSet {
    std::string name;
    std::vector<SequencePair> sequences;
    double input; ///< blurry_psnr(), decibels
};

/// Held-out clips of the virtual camera, and real sequences where there are some.
///
/// @param data  folder of the sources
/// @param scenes what the camera films
/// @param clips how many
/// @param real  folder of NAME/blur and NAME/sharp; empty: none
std::vector<ValidationSet> validation_sets(const std::string &data, Scenes scenes, int64_t clips,
                                           const std::string &real);

struct ValidationFigures {
    std::vector<double> gains; ///< over the blurry input, decibels, in the order of the sets
    std::string text;
    double last = 0; ///< PSNR of the last set, which chooses the best weights
};

/// Of a trainer's averaged parameters.
ValidationFigures validate(Trainer &trainer, const std::vector<ValidationSet> &sets);

} // namespace deblur
