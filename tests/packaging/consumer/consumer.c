/* A program that uses an installed libdeblur: lists the models and restores one picture with the first.
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>

#include <libdeblur/deblur.h>

int main(void)
{
    static unsigned char picture[64 * 48 * 3 / 2];
    deblur_model_info model = { .struct_size = sizeof(model) };
    deblur_frame frame = { .struct_size = sizeof(frame), .strength = 1 };
    deblur_context *ctx;
    deblur_options options;
    deblur_format format;
    void *done;
    int status;

    for (int i = 0; (status = deblur_list_models(i, &model)) == DEBLUR_OK; i++)
        printf("%s\n", model.weights);
    if (status != DEBLUR_EOF)
        return 1;

    deblur_default_options(&options);
    deblur_default_format(&format);
    options.threads = 1;
    format.width    = 64;
    format.height   = 48;
    for (int i = 0; i < 3; i++) {
        const int stride = i ? 32 : 64;
        format.component[i] = (deblur_component){ .plane = i, .step = 1, .depth = 8 };
        frame.src[i]        = frame.dst[i] = picture + (i > 0) * 64 * 48 + (i > 1) * 32 * 24;
        frame.src_stride[i] = frame.dst_stride[i] = stride;
    }
    if (deblur_open(&ctx, &options, &format) < 0)
        return 1;
    if (deblur_send(ctx, &frame) < 0 || deblur_send(ctx, NULL) < 0 || deblur_receive(ctx, &done) != DEBLUR_OK)
        return 1;
    deblur_close(&ctx);
    return 0;
}
