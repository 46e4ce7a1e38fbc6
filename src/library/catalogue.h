// The list of shipped weights, models/index.json.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

namespace deblur {

/// Shipped weights. Immutable once read.
class Catalogue {
  public:
    struct Entry {
        std::string name; ///< of the model
        int window;       ///< m
        std::string path, description;
        std::string
            sha256;      ///< of the file, 64 hexadecimal digits; empty if the list does not have it
        bool is_default; ///< what find() takes without a name or window
    };

    /// The catalogue of the model directory: DEBLUR_MODELS, or beside the library. Each is read
    /// once and kept as long as the library.
    ///
    /// @throws Error with DEBLUR_BAD_WEIGHTS if it is missing or malformed
    static const Catalogue &instance();

    /// @param name of a model (with its aliases), NULL or "auto" for the default, or, if that has no such window, the first
    ///             in the list that has
    /// @param window m, or -1 for the default model's, or else the first in the list
    /// @throws Error with DEBLUR_INVALID_ARGUMENT, naming the value and what there is
    const Entry &find(const char *name, int window) const;

    const std::vector<Entry> &entries() const { return entries_; }

    /// @param text of an index.json
    /// @param directory that it describes
    /// @throws Error with DEBLUR_BAD_WEIGHTS, naming what is wrong, if it is malformed
    Catalogue(const std::string &text, const std::string &directory);

  private:
    std::string directory_, default_;
    std::vector<Entry> entries_;
};

/// A model's name as the list and the weights have it: "strcnn+dtb" is "strcnn_dtb".
std::string canonical_model_name(std::string name);

} // namespace deblur
