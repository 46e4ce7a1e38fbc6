# Streams as broadcasters get them: cuts, other sizes, interlaced parts, flipped bits, missing packets. Whatever the
# decoder makes of them, each of its frames comes out at its time. DEBLUR_SOAK multiplies the length, for runs by hand:
# 450 is an hour.
# SPDX-License-Identifier: LGPL-2.1-or-later
import os
import random
import resource
import unittest

from harness import FilterTest, has_component, read_framemd5

FACTOR = int(os.environ.get("DEBLUR_SOAK", 1))
RATE, SECONDS = 25, 2
PACKET = 188  # bytes of an MPEG transport stream

# All at 64x48 but for one.
PARTS = {
    "cuts": "testsrc2=size=64x48:rate=25,trim=end_frame=20[a];testsrc=size=64x48:rate=25,format=yuv420p,"
            "trim=end_frame=30[b];[a][b]concat",
    "large": "testsrc2=size=96x64:rate=25,scroll=h=0.01",
    "interlaced": "testsrc2=size=64x48:rate=50,tinterlace=interleave_top,setfield=tff",
    "still": "color=gray:size=64x48:rate=25,format=yuv420p",
}


def flip_bits(data, every, generator):
    """One bit in so many bytes, wherever it hits: headers, times, sizes, samples."""
    damaged = bytearray(data)
    for _ in range(len(data) // every):
        damaged[generator.randrange(len(data))] ^= 1 << generator.randrange(8)
    return bytes(damaged)


def drop_packets(data, every, generator):
    packets = [data[i:i + PACKET] for i in range(0, len(data), PACKET)]
    return b"".join(packet for packet in packets if generator.randrange(every))


class Damaged(FilterTest):
    def part(self, name, codec):
        path = self.directory / f"{name}-{codec}.ts"
        if not path.exists():
            flags = ("-flags", "+ilme+ildct") if name == "interlaced" else ()
            self.ffmpeg("-v", "error", "-f", "lavfi", "-i", f"{PARTS[name]},trim=duration={SECONDS}",
                        "-c:v", codec, "-g", "12", "-bf", "2", *flags, path)
        return path.read_bytes()

    def run_side_by_side(self, path):
        """The decoder's frames through nothing and through the filter; counts and times of both."""
        graph = (f"[0:v]split[a][b];[a]scale=64:48[in];[b]{self.deblur(scene=5)},scale=64:48[out]")
        log = self.ffmpeg("-v", "error", "-reinit_filter", "0", "-i", path, "-filter_complex", graph,
                          *(argument for name in ("in", "out") for argument in
                            ("-map", f"[{name}]", "-fps_mode", "passthrough", "-f", "framemd5",
                             f"{name}.framemd5")))
        frames = {name: read_framemd5(self.directory / f"{name}.framemd5") for name in ("in", "out")}
        self.assertNotRegex(log, r"deblur @")
        self.assertEqual([frame[:3] for frame in frames["out"]], [frame[:3] for frame in frames["in"]])
        changed = sum(a[3] != b[3] for a, b in zip(frames["in"], frames["out"]))
        self.assertGreater(changed, len(frames["in"]) // 2)
        return len(frames["in"])

    def assert_nothing_is_lost(self, codec):
        generator = random.Random(codec)
        whole = b"".join(self.part(name, codec) for name in PARTS) * FACTOR
        count = len(PARTS) * SECONDS * RATE * FACTOR
        damages = {"whole": whole, "bits": flip_bits(whole, 4000, generator),
                   "packets": drop_packets(whole, 40, generator),
                   "truncated": whole[:len(whole) * 2 // 3 + 77]}
        for name, data in damages.items():
            with self.subTest(codec=codec, damage=name):
                (self.directory / "stream.ts").write_bytes(data)
                seen = self.run_side_by_side("stream.ts")
                memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
                print(f"{codec} {name}: {seen} frames of {count}, the largest process so far {memory:.0f} MB")
                self.assertGreater(seen, count // 3)

    def test_mpeg2(self):
        self.assert_nothing_is_lost("mpeg2video")

    @unittest.skipUnless(has_component("encoder", "libx264"), "this ffmpeg has no libx264")
    def test_h264(self):
        self.assert_nothing_is_lost("libx264")


if __name__ == "__main__":
    unittest.main()
