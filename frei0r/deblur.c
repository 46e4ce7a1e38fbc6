/*
 * frei0r plugin: motion deblurring for programs that take frei0r effects.
 *
 * Copyright (c) 2026 the libdeblur authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * @file
 * frei0r asks for a picture in the call that brings one. So this restores with m = 0, networks that look at no later
 * frame, and waits for each. An instance is one stream; it opens at the first picture, when all parameters are known.
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <frei0r.h>

#include <libdeblur/deblur.h>

#define EXPORT __attribute__((visibility("default")))

enum Parameter {
    PARAMETER_MODEL,
    PARAMETER_STRENGTH,
    PARAMETER_SCENE,
    PARAMETER_RESOLUTION,
    PARAMETER_WEIGHTS,
    NB_PARAMETERS
};

static const f0r_param_info_t parameters[NB_PARAMETERS] = {
    [PARAMETER_MODEL]      = { "model", F0R_PARAM_STRING, "The network, such as strcnn_dtb; auto for the default" },
    [PARAMETER_STRENGTH]   = { "strength", F0R_PARAM_DOUBLE, "Share of the correction that is applied" },
    [PARAMETER_SCENE]      = { "scene", F0R_PARAM_DOUBLE,
                               "Change of the picture from which it starts a new scene; 0 is off" },
    [PARAMETER_RESOLUTION] = { "resolution", F0R_PARAM_STRING,
                               "WIDTHxHEIGHT at which the network works; source for that of the picture" },
    [PARAMETER_WEIGHTS]    = { "weights", F0R_PARAM_STRING, "A .safetensors file of your own, with m = 0" },
};

typedef struct Instance {
    unsigned width, height;
    char *text[NB_PARAMETERS];    ///< of the string parameters; never NULL in those
    double number[NB_PARAMETERS]; ///< of the others, 0 to 1
    deblur_model *loaded;         ///< NULL: not loaded
    deblur_context *deblur;       ///< NULL: not open
    int failed;                   ///< libdeblur has said why: pictures pass until a parameter changes
    double time;                  ///< of the last picture, in whatever unit the program has
} Instance;

static void log_message(void *cookie, enum deblur_log_level level, const char *message)
{
    (void)cookie;
    if (level == DEBLUR_LOG_ERROR)
        fprintf(stderr, "frei0r deblur: pictures pass as they are: %s\n", message);
    else if (level == DEBLUR_LOG_WARNING)
        fprintf(stderr, "frei0r deblur: %s\n", message);
}

/** Reads "source" or WIDTHxHEIGHT. */
static int parse_resolution(const char *text, deblur_options *options)
{
    char message[128];
    int end = 0;

    if (!*text || !strcmp(text, "source"))
        return 0;
    /* Five digits fit. NOLINTNEXTLINE(cert-err34-c) */
    if (sscanf(text, "%5dx%5d%n", &options->width, &options->height, &end) == 2 && !text[end])
        return 0;
    snprintf(message, sizeof(message), "resolution '%.64s' is neither 'source' nor WIDTHxHEIGHT", text);
    log_message(NULL, DEBLUR_LOG_ERROR, message);
    return -1;
}

static int open_context(Instance *s)
{
    deblur_options options;
    deblur_format format;

    deblur_default_options(&options);
    options.model   = *s->text[PARAMETER_MODEL] ? s->text[PARAMETER_MODEL] : NULL;
    options.weights = *s->text[PARAMETER_WEIGHTS] ? s->text[PARAMETER_WEIGHTS] : NULL;
    options.scene   = 100 * s->number[PARAMETER_SCENE];
    options.window  = 0;
    options.queue   = 0;
    options.log     = log_message;
    if (parse_resolution(s->text[PARAMETER_RESOLUTION], &options) < 0)
        return -1;

    deblur_default_format(&format);
    format.width  = s->width;
    format.height = s->height;
    format.model  = DEBLUR_MODEL_RGB;
    format.log2_chroma_w = format.log2_chroma_h = 0;
    for (int i = 0; i < 3; i++)
        format.component[i] = (deblur_component){ .step = 4, .offset = i, .depth = 8 };
    if (!s->loaded && deblur_model_open(&s->loaded, &options, &format) < 0)
        return -1;
    return deblur_open_with_model(&s->deblur, s->loaded, &options, &format);
}

static void close_all(Instance *s)
{
    deblur_close(&s->deblur);
    deblur_model_close(&s->loaded);
}

/** Restores the picture in place. Alpha is no component and stays. */
static int restore(Instance *s, int reset, uint32_t *picture)
{
    deblur_frame frame = {
        .struct_size = sizeof(frame),
        .src         = { picture },
        .src_stride  = { 4 * (ptrdiff_t)s->width },
        .dst         = { picture },
        .dst_stride  = { 4 * (ptrdiff_t)s->width },
        .strength    = s->number[PARAMETER_STRENGTH],
        .reset       = reset,
    };
    void *opaque;

    if (deblur_send(s->deblur, &frame) != DEBLUR_OK)
        return -1;
    return deblur_receive(s->deblur, &opaque) == DEBLUR_OK ? 0 : -1;
}

EXPORT int f0r_init(void)
{
    return 1;
}

EXPORT void f0r_deinit(void)
{
}

EXPORT void f0r_get_plugin_info(f0r_plugin_info_t *info)
{
    *info = (f0r_plugin_info_t){
        .name           = "deblur",
        .author         = "the libdeblur authors",
        .plugin_type    = F0R_PLUGIN_TYPE_FILTER,
        .color_model    = F0R_COLOR_MODEL_RGBA8888,
        .frei0r_version = FREI0R_MAJOR_VERSION,
        .major_version  = DEBLUR_VERSION_MAJOR,
        .minor_version  = DEBLUR_VERSION_MINOR,
        .num_params     = NB_PARAMETERS,
        .explanation    = "Removes motion blur with a recurrent network",
    };
}

EXPORT void f0r_get_param_info(f0r_param_info_t *info, int index)
{
    if (index >= 0 && index < NB_PARAMETERS)
        *info = parameters[index];
}

EXPORT void f0r_destruct(f0r_instance_t instance)
{
    Instance *s = instance;

    close_all(s);
    for (int i = 0; i < NB_PARAMETERS; i++)
        free(s->text[i]);
    free(s);
}

EXPORT f0r_instance_t f0r_construct(unsigned width, unsigned height)
{
    Instance *s = calloc(1, sizeof(*s));

    if (!s)
        return NULL;
    s->width  = width;
    s->height = height;
    s->number[PARAMETER_STRENGTH] = 1;
    s->number[PARAMETER_SCENE]    = 0.1;
    s->text[PARAMETER_MODEL]      = strdup("auto");
    s->text[PARAMETER_RESOLUTION] = strdup("source");
    s->text[PARAMETER_WEIGHTS]    = strdup("");
    if (s->text[PARAMETER_MODEL] && s->text[PARAMETER_RESOLUTION] && s->text[PARAMETER_WEIGHTS])
        return s;
    f0r_destruct(s);
    return NULL;
}

EXPORT void f0r_set_param_value(f0r_instance_t instance, f0r_param_t value, int index)
{
    Instance *s = instance;

    if (index < 0 || index >= NB_PARAMETERS || !value)
        return;
    if (parameters[index].type == F0R_PARAM_STRING) {
        const char *text = *(f0r_param_string *)value;
        char *copy;
        if (!text || !strcmp(text, s->text[index]) || !(copy = strdup(text)))
            return;
        free(s->text[index]);
        s->text[index] = copy;
    } else {
        const double number = *(f0r_param_double *)value;
        const double inside = number > 0 ? number < 1 ? number : 1 : 0; // NaN is 0
        if (inside == s->number[index])
            return;
        s->number[index] = inside;
    }
    if (index != PARAMETER_STRENGTH) { // which each picture takes anew
        deblur_close(&s->deblur);
        if (index == PARAMETER_MODEL || index == PARAMETER_WEIGHTS)
            deblur_model_close(&s->loaded);
        s->failed = 0;
    }
}

EXPORT void f0r_get_param_value(f0r_instance_t instance, f0r_param_t value, int index)
{
    const Instance *s = instance;

    if (index < 0 || index >= NB_PARAMETERS)
        return;
    if (parameters[index].type == F0R_PARAM_STRING)
        *(f0r_param_string *)value = s->text[index];
    else
        *(f0r_param_double *)value = s->number[index];
}

EXPORT void f0r_update(f0r_instance_t instance, double time, const uint32_t *in, uint32_t *out)
{
    Instance *s = instance;
    const size_t size = sizeof(*out) * s->width * s->height;
    const int went_back = time < s->time;

    s->time = time;
    memcpy(out, in, size);
    if (s->failed)
        return;
    if ((!s->deblur && open_context(s) < 0) || restore(s, went_back, out) < 0) {
        s->failed = 1;
        close_all(s);
        memcpy(out, in, size);
    }
}
