#!/usr/bin/env bash
# MLT gives each of its threads an instance of a frei0r effect. With `real_time=-4` four instances see parts of the film,
# so that an effect which remembers earlier pictures loses most of them, and one with large tables has them four times.
# The `melt` program asks for the first picture once more in its own thread, by one more instance.
#
# Seen with MLT 7.12.0 (Debian 12's libmlt7 7.12.0-1+deb12u1), driven through its C API; needs apt, dpkg and a C compiler.
#
# Output seen: real_time=-1: 1 instances; real_time=-4: 4 instances
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -q download libmlt7=7.12.0-1+deb12u1 libmlt-data=7.12.0-1+deb12u1 > /dev/null
for package in *.deb; do dpkg -x "$package" .; done
mlt=$(dirname "$(find . -name 'libmlt-7.so.7')")

# A frei0r filter that copies its picture and writes which instance has been called.
cat > effect.c <<'SOURCE'
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct about {
    const char *name, *author;
    int type, color_model, frei0r_version, major, minor, parameters;
    const char *explanation;
};
struct size { unsigned width, height; };

int f0r_init(void) { return 1; }
void f0r_deinit(void) {}
void f0r_get_plugin_info(struct about *about) { *about = (struct about){ "count", "-", 0, 1, 1, 0, 1, 0, "-" }; }
void f0r_get_param_info(void *info, int index) { (void)info, (void)index; }
void f0r_set_param_value(void *instance, void *value, int index) { (void)instance, (void)value, (void)index; }
void f0r_get_param_value(void *instance, void *value, int index) { (void)instance, (void)value, (void)index; }
void f0r_destruct(void *instance) { (void)instance; } /* kept, so that no address is used twice */

void *f0r_construct(unsigned width, unsigned height)
{
    struct size *size = malloc(sizeof(*size));
    *size = (struct size){ width, height };
    return size;
}

void f0r_update(void *instance, double time, const uint32_t *in, uint32_t *out)
{
    const struct size *size = instance;
    memcpy(out, in, 4u * size->width * size->height);
    fprintf(stderr, "instance %p %g\n", instance, time);
}
SOURCE
cat > player.c <<'SOURCE'
#include <stdlib.h>
#include <unistd.h>

void *mlt_factory_init(const char *), *mlt_profile_init(const char *);
void *mlt_factory_producer(void *, const char *, const void *), *mlt_factory_filter(void *, const char *, const void *);
void *mlt_factory_consumer(void *, const char *, const void *);
int mlt_service_attach(void *, void *), mlt_consumer_connect(void *, void *), mlt_consumer_start(void *);
int mlt_consumer_stop(void *), mlt_properties_set_int(void *, const char *, int);

int main(int count, char **arguments)
{
    (void)count;
    mlt_factory_init(NULL);
    void *profile = mlt_profile_init("dv_pal");
    void *producer = mlt_factory_producer(profile, "color", "red");
    void *consumer = mlt_factory_consumer(profile, "null", NULL);
    mlt_service_attach(producer, mlt_factory_filter(profile, "frei0r.count", NULL));
    mlt_properties_set_int(consumer, "real_time", atoi(arguments[1]));
    mlt_consumer_connect(consumer, producer);
    mlt_consumer_start(consumer);
    sleep(4);
    mlt_consumer_stop(consumer);
    return 0;
}
SOURCE
mkdir effects
cc -shared -fPIC -o effects/count.so effect.c
cc -o player player.c "$mlt/libmlt-7.so.7"
export LD_LIBRARY_PATH=$mlt MLT_REPOSITORY=$mlt/mlt-7 MLT_DATA=usr/share/mlt-7 MLT_PROFILES_PATH=usr/share/mlt-7/profiles
export FREI0R_PATH=$folder/effects
# The modules that need libraries which are not there are not needed either.
find "$mlt/mlt-7" -name '*.so' ! -name libmltcore.so ! -name libmltfrei0r.so -delete

instances() { ./player "$1" 2>&1 | grep -a '^instance' | cut -d ' ' -f 2 | sort -u | wc -l; }
seen="real_time=-1: $(instances -1) instances; real_time=-4: $(instances -4) instances"
echo "$seen"
[ "$seen" = "real_time=-1: 1 instances; real_time=-4: 4 instances" ]
