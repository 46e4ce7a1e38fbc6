# Fields of interlaced video are pictures of their own, woven back where they came from.
# SPDX-License-Identifier: LGPL-2.1-or-later
import re
import unittest

from harness import SOURCE, FilterTest, has_component, needs_show

# Fields of different times: 20 pictures a second, woven in pairs.
FIELDS = "testsrc2=size=64x48:rate=20"
LINES = {"tff": "interleave_top", "bff": "interleave_bottom"}


def interlaced(order):
    return f"tinterlace={LINES[order]},setfield={order}"


def orders(frames):
    return "".join(re.findall(r" order:(\w)", "".join(frames)))


class Interlaced(FilterTest):
    def only(self, order, deblur, format="yuv420p"):
        """Graphs for interlaced frames, and for each of the parities alone as progressive video."""
        source = f"{interlaced(order)},scale,format={format}"
        separate = f"{source},separatefields,setfield=prog"
        first = {"tff": "top", "bff": "bottom"}[order]
        second = {"top": "bottom", "bottom": "top"}[first]
        return {"in": f"{source},separatefields",
                "fields": f"{source},{deblur},separatefields",
                first: f"{separate},select='not(mod(n,2))',{deblur}",
                second: f"{separate},select='mod(n,2)',{deblur}"}, (first, second)

    def md5s(self, frames, name):
        return [frame[3] for frame in frames[name]]

    def test_each_parity_is_a_stream_of_its_own(self):
        # 4:2:2 has the chroma of a field where a progressive picture of its size has it.
        for order in LINES:
            graphs, parities = self.only(order, self.deblur(precision="fp32"), "yuv422p")
            frames = self.frames(graphs, source=FIELDS, count=24)
            woven = self.md5s(frames, "fields")
            self.assertEqual(len(woven), 24)
            for i, parity in enumerate(parities):
                with self.subTest(order=order, parity=parity):
                    self.assertEqual(woven[i::2], self.md5s(frames, parity))
                    self.assertNotEqual(woven[i::2], self.md5s(frames, "in")[i::2])

    def test_subsampled_lines_of_chroma_are_where_fields_have_them(self):
        # In 4:2:0 they are not where a progressive picture has them: a quarter of a line off.
        graphs, parities = self.only("tff", self.deblur(precision="fp32"))
        frames = self.frames(graphs, source=FIELDS, count=24)
        for i, parity in enumerate(parities):
            self.assertNotEqual(self.md5s(frames, "fields")[i::2], self.md5s(frames, parity))

    def test_chroma_of_the_bottom_field_lies_elsewhere(self):
        # Both fields are the same picture here; what differs is where 4:2:0 has their chroma.
        for format, differs in (("yuv422p", False), ("yuv420p", True)):
            source = f"scale,format={format},scale=64:48:flags=neighbor,setfield=tff"
            frames = self.frames({
                "in": f"{source},separatefields",
                "out": f"{source},{self.deblur(precision='fp32', field='fields')},separatefields"},
                source="testsrc2=size=64x24:rate=10", count=6)
            fields = {name: self.md5s(frames, name) for name in frames}
            with self.subTest(format=format):
                self.assertEqual(fields["in"][0::2], fields["in"][1::2])
                for top, bottom in zip(fields["out"][0::2], fields["out"][1::2]):
                    self.assertEqual(top != bottom, differs)

    def test_auto_follows_the_flags(self):
        deblur = self.deblur()
        frame, fields = (deblur + f":field={mode}" for mode in ("frame", "fields"))
        for flag, mode in (("prog", frame), ("tff", fields), ("bff", fields)):
            with self.subTest(flag=flag):
                frames = self.frames({"auto": f"setfield={flag},{deblur}",
                                      "mode": f"setfield={flag},{mode}",
                                      "frame": frame, "fields": fields}, count=8)
                self.assertEqual(frames["auto"], frames["mode"])
                self.assertNotEqual(frames["frame"], frames["fields"])

    def test_zero_correction_and_odd_heights(self):
        zero = self.deblur(self.weights(scale=0), field="fields")
        deblur = self.deblur(field="fields")
        formats = ("yuv420p", "yuv410p", "nv12", "gray10le", "yuv440p10be")
        for height in (1, 46, 48):
            graphs = {}
            for name in formats:
                crop = f"crop=62:{height}:exact=1,scale,format={name}"
                graphs |= {("in", name): crop, ("zero", name): f"{crop},{zero}",
                           ("deblur", name): f"{crop},{deblur}"}
            frames = self.frames(graphs, count=2)
            for name in formats:
                with self.subTest(height=height, format=name):
                    self.assertEqual(frames["zero", name], frames["in", name])
                    self.assertNotEqual(frames["deblur", name], frames["in", name])

    def test_resolution_is_that_of_frames(self):
        frames = self.frames({name: f"setfield=tff,{self.deblur(resolution=size)}"
                              for name, size in (("source", "source"), ("same", "64x48"), ("less", "32x24"))}, count=3)
        self.assertEqual(frames["same"], frames["source"])
        self.assertNotEqual(frames["less"], frames["source"])

    def test_disabled_and_strength(self):
        for options in ("enable=0", "strength=0"):
            frames = self.frames({
                "in": "setfield=tff",
                "out": f"setfield=tff,{self.deblur()}:{options}"}, count=6)
            self.assertEqual(frames["out"], frames["in"])

    @needs_show
    def test_mixed_content(self):
        # Flags, times and order of frames stay, and one network is opened for frames and one for each field.
        parts = [("prog", 0, 5), ("tff", 5, 9), ("bff", 9, 10), ("prog", 10, 16), ("tff", 16, 17)]
        heads = "".join(f"[p{i}]" for i in range(len(parts)))
        joined = "".join(f"[q{i}]" for i in range(len(parts)))
        graph = f"{SOURCE},split={len(parts)}{heads};"
        for i, (flag, start, end) in enumerate(parts):
            graph += (f"[p{i}]trim=start_frame={start}:end_frame={end},setpts=PTS-STARTPTS,"
                      f"setfield={flag}[q{i}];")
        frames = self.shown(f"{graph}{joined}concat=n={len(parts)},split[in][b];[b]{self.deblur()}[out]")
        self.assertEqual(frames["out"], frames["in"])
        self.assertEqual(orders(frames["out"]), "".join(flag[0].upper() * (end - start) for flag, start, end in parts))
        log = self.ffmpeg("-f", "lavfi", "-i", f"{graph}{joined}concat=n={len(parts)},{self.deblur()}", "-f", "null", "-")
        self.assertEqual(log.count(" on cpu in "), 3)

    @unittest.skipUnless(has_component("encoder", "libx264"), "this ffmpeg has no libx264")
    @needs_show
    def test_real_streams(self):
        encoders = {"h264": ("libx264", "-flags", "+ildct+ilme"),
                    "mpeg2": ("mpeg2video", "-flags", "+ildct+ilme", "-q:v", "3")}
        for name, (encoder, *options) in encoders.items():
            for order in LINES:
                if encoder == "libx264":
                    options = ["-x264opts", f"{order}=1:threads=1"]
                with self.subTest(codec=name, order=order):
                    file = f"{name}-{order}.ts"
                    self.ffmpeg("-v", "error", "-f", "lavfi", "-i", FIELDS.replace("rate=20", "rate=50"), "-vf",
                                f"{interlaced(order)},format=yuv420p,trim=end_frame=12",
                                "-c:v", encoder, *options, file)
                    frames = self.shown(f"movie={file},split[in][b];[b]{self.deblur(field='auto')}[out]")
                    self.assertEqual(frames["out"], frames["in"])
                    self.assertEqual(orders(frames["out"]), 12 * order[0].upper())
                    modes = self.frames({mode: self.deblur(field=mode) for mode in ("auto", "fields", "frame")},
                                        input=("-i", file))
                    self.assertEqual(modes["auto"], modes["fields"])
                    self.assertNotEqual(modes["auto"], modes["frame"])


if __name__ == "__main__":
    unittest.main()
