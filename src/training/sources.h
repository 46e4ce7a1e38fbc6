// Sharp material for the virtual camera: photographs, frames of clips, cut-out foregrounds.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include <torch/types.h>

#include "training/outlines.h"
#include "training/random.h"

namespace deblur {

/// Files are divided by a hash of their name, so that every run agrees on what is held out.
enum class Split { Training, Validation };

/// True if the file belongs to the split; about a tenth of all names is held out.
bool in_split(const std::string &file_name, Split split);

/// A foreground and where it is opaque.
struct CutOut {
    torch::Tensor picture; ///< 3 x h x w, float32 in [0,1]
    torch::Tensor alpha;   ///< 1 x h x w, float32 in [0,1]
};

/// Where the virtual camera's scenes come from.
class Sources {
  public:
    virtual ~Sources() = default;

    /// A detail with plenty of texture, 3 x side x side in [0,1].
    ///
    /// @param shrink by what the picture that is made of it will be shrunk: it needs to be shrunk less before
    virtual torch::Tensor detail(Random &random, int64_t side, int64_t shrink = 1) const = 0;

    /// The same, without people as far as is known.
    virtual torch::Tensor empty_detail(Random &random, int64_t side, int64_t shrink = 1) const {
        return detail(random, side, shrink);
    }

    /// An object to move before it, no larger than side x side.
    virtual CutOut cut_out(Random &random, int64_t side) const = 0;

    /// The same, a person where there are any.
    virtual CutOut person(Random &random, int64_t side) const { return cut_out(random, side); }

    /// The same, but no person as far as is known.
    virtual CutOut thing(Random &random, int64_t side) const { return cut_out(random, side); }
};

/// A random smooth shape with a soft border, 1 x side x side in [0,1].
torch::Tensor random_blob(Random &random, int64_t side);

/// Photographs, frames of clips and masked objects. Keeps the decoded files of one split in memory
/// (about 3 MB a megapixel).
class SourceLibrary : public Sources {
  public:
    /// @param directory  holds photo/ (pictures), and where present video/ (clips) and mask/ (pictures
    ///                   with NAME_inst.png instance masks, of which NAME_person.png tells the people, or
    ///                   NAME_alpha.png / NAME.out.png alpha masks) and people.json (read_outlines(), of photo/ and
    ///                   video/)
    /// @throws std::runtime_error if there is no picture of the split, or people.json is malformed
    SourceLibrary(const std::string &directory, Split split);

    /// Shrinks the picture by a random factor (1 to 2.5, by `shrink` less), which hides what blur and compression it has
    /// itself. Small sources are extended by reflection.
    torch::Tensor detail(Random &random, int64_t side, int64_t shrink = 1) const override;

    /// The same, of pictures that people.json does not name.
    torch::Tensor empty_detail(Random &random, int64_t side, int64_t shrink = 1) const override;

    /// A masked object, or now and then a detail in the shape of a random blob.
    CutOut cut_out(Random &random, int64_t side) const override;

    /// One of the instances that NAME_person.png marks or people.json outlines; a cut_out() if there are none.
    CutOut person(Random &random, int64_t side) const override;

    /// A masked object that is not marked as a person, or an empty detail in the shape of a random blob.
    CutOut thing(Random &random, int64_t side) const override;

    size_t picture_count() const { return pictures_.size(); }
    size_t cut_out_count() const { return cut_outs_.size(); }
    size_t person_count() const { return persons_.size(); }

  private:
    void load_photos(const std::string &directory, Split split, const Outlines &people);
    void load_clips(const std::string &directory, Split split, const Outlines &people);
    void load_masks(const std::string &directory, Split split);

    std::vector<torch::Tensor> pictures_, empty_pictures_; // uint8, 3 x h x w; all of them, and those without people
    std::vector<CutOut> cut_outs_, things_, persons_;      // uint8; those of masks, which of them are no people, people
};

} // namespace deblur
