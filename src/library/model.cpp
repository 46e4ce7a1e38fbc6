// SPDX-License-Identifier: LGPL-2.1-or-later
#include "library/model.h"

namespace deblur {

int open_model(const deblur_engine_table &engine, const deblur_options &options,
               const deblur_checksums &checksums, LoadedModel &opened) {
    deblur_engine_model *model = nullptr;
    const int status = engine.open_model(&model, &options, &checksums);
    if (status != DEBLUR_OK)
        return status;
    opened.model = {model, engine.close_model};
    opened.engine = &engine;
    return status;
}

} // namespace deblur
