# deblur-broadcast: formats, what is kept beside the picture, legal range, and the report.
# SPDX-License-Identifier: LGPL-2.1-or-later
import json
import os
import unittest

from captions import PACKET, ancillary_packet, with_captions
from script_test import ScriptTest
from harness import FFMPEG, has_component

INTERLACED = ["-vf", "tinterlace=interleave_top,setfield=tff", "-flags", "+ildct+ilme"]


class Broadcast(ScriptTest):
    # The pictures have their full size, so the network gets a small one.
    def broadcast(self, *arguments, **options):
        return self.script("deblur-broadcast", "--deblur", self.options(resolution="64x36"), *arguments, **options)

    def report(self, name):
        return json.loads((self.directory / f"{name}.qc.json").read_text())

    def checks(self, name):
        return {c["name"]: c for c in self.report(name)["checks"]}

    def make_mxf(self, name="in.mxf", frames=5, rate=25):
        """1080i in MXF with all that broadcasters add: captions, AFD, ancillary data, time code, two sounds."""
        self.ffmpeg("-f", "lavfi", "-i", f"testsrc2=size=1920x1080:rate={2 * rate}", *INTERLACED, "-frames:v", frames,
                    "-pix_fmt", "yuv422p", "-c:v", "mpeg2video", "-profile:v", 0, "-level:v", 2, "-b:v", "50M",
                    "-bf", 2, "-g", 12, "-f", "mpeg2video", "plain.m2v")
        with open(self.directory / "plain.m2v", "rb") as plain, open(self.directory / "captions.m2v", "wb") as file:
            file.writelines(with_captions(plain))
        (self.directory / "ancillary").write_bytes(b"".join(map(ancillary_packet, range(frames))))
        self.ffmpeg("-framerate", rate, "-f", "mpegvideo", "-i", "captions.m2v", "-f", "lavfi", "-i", "sine=1000:r=48000",
                    "-f", "lavfi", "-i", "sine=500:r=48000", "-f", "data", "-raw_packet_size", PACKET, "-i", "ancillary",
                    "-map", 0, "-map", 1, "-map", 2, "-map", 3, "-c:v", "copy", "-c:a", "pcm_s24le", "-c:d", "copy",
                    "-bsf:d", f"setts=pts=N*{1000000 // rate}:dts=N*{1000000 // rate}:duration={1000000 // rate}",
                    "-metadata:s:3", "data_type=vbi_vanc_smpte_436M", "-t", frames / rate,
                    "-timecode", "10:00:00:00", name)
        return name

    def test_xdcam_1080i(self):
        self.make_mxf()
        said = self.broadcast("in.mxf", "xdcam.mxf")
        self.assertIn("AFD in the video itself is left out", said)
        report = self.report("xdcam.mxf")
        self.assertTrue(report["passed"], report["checks"])
        checks = self.checks("xdcam.mxf")
        self.assertEqual(checks["frames"]["text"], "5 in the source, 5 deblurred, 5 in the output")
        self.assertEqual(checks["time code"]["text"], "10:00:00:00")
        self.assertEqual(checks["captions (A53)"]["text"], "5 frames with captions, byte for byte the same")
        self.assertEqual(checks["ancillary data (SMPTE 436)"]["text"], "5 packets identical")
        self.assertRegex(checks["audio 2"]["text"], r"^9600 samples identical$")
        video = self.probe("xdcam.mxf")["streams"][0]
        self.assertEqual((video["codec_name"], video["profile"], video["pix_fmt"], video["field_order"]),
                         ("mpeg2video", "4:2:2", "yuv422p", "tt"))
        self.assertEqual(self.probe("xdcam.mxf")["format"]["tags"]["operational_pattern_ul"][:22], "060e2b34.04010101.0d01")
        self.assertEqual(report["scenes"][0]["first"], 0)
        self.assertGreater(report["scenes"][0]["sharpness_before"], 0)
        self.assertGreater(len(report["worst"]), 0)
        page = (self.directory / "xdcam.mxf.qc.html").read_text()
        self.assertIn("All checks passed", page)
        self.assertIn("data:image/jpeg;base64,/9j/", page)
        self.assertNotIn("http", page)

    def test_xdcam_720p(self):
        self.make_clip("720p.mov", size="1280x720", rate="50", frames=3, pixel_format="yuv422p10le", codec="prores_ks",
                       more=("-timecode", "09:59:59:49"))
        self.broadcast("720p.mov", "720p.mxf", ffmpeg=os.path.relpath(FFMPEG, self.directory))
        self.assertEqual(self.checks("720p.mxf")["time code"]["text"], "09:59:59:49")
        self.assertEqual(self.probe("720p.mxf")["streams"][0]["field_order"], "progressive")

    def test_prores_from_mxf(self):
        self.make_mxf(frames=3)
        # MOV has no place for ancillary data, and ProRes none for captions: the report must say so.
        said = self.broadcast("--format", "prores", "in.mxf", "out.mov", status=2)
        self.assertIn("captions (A53): 3 frames with captions in the source, 0 in the output", said)
        self.assertIn("ancillary data (SMPTE 436): 3 packets in the source, 0 in the output", said)
        checks = self.checks("out.mov")
        self.assertTrue(checks["audio 1"]["passed"])
        self.assertTrue(checks["time code"]["passed"])
        self.assertTrue(checks["fields"]["passed"])
        self.assertIn("Checks failed", (self.directory / "out.mov.qc.html").read_text())

    @unittest.skipUnless(has_component("encoder", "libx264"), "no libx264")
    def test_avc_intra(self):
        self.make_mxf(frames=3)
        self.broadcast("--format", "avc-intra-100", "in.mxf", "avci.mxf")
        video = self.probe("avci.mxf")["streams"][0]
        self.assertEqual((video["codec_name"], video["pix_fmt"], video["field_order"]), ("h264", "yuv422p10le", "tt"))
        self.assertTrue(self.checks("avci.mxf")["captions (A53)"]["passed"])

    def test_legal_pictures_stay_legal_and_untouched(self):
        # Black and white at the limits, where a correction of any sign leaves the range.
        self.make_clip("in.mov", size="1280x720", rate="50", frames=2, pixel_format="yuv422p10le", codec="prores_ks",
                       more=("-vf", "format=gray,geq=lum='if(mod(floor(X/8)+floor(Y/8)\\,2)\\,235\\,16)',format=yuv422p10le,"
                             "limiter=64:940:planes=1"))
        weights = self.options(resolution="64x36").split(":")[0]
        outside = {}
        for name, chain in (("before", "null"), ("free", f"deblur={weights}:resolution=64x36")):
            self.ffmpeg("-i", "in.mov", "-vf", f"{chain},format=yuv422p,signalstats=stat=brng,metadata=print:file={name}.txt",
                        "-f", "null", "-")
            lines = (self.directory / f"{name}.txt").read_text().splitlines()
            outside[name] = sum(float(line.split("=")[1]) for line in lines if "BRNG" in line)
        self.assertGreater(outside["free"], outside["before"])  # or the limiter is not needed here
        self.broadcast("in.mov", "legal.mxf")
        frames = self.report("legal.mxf")["frames"]
        self.assertTrue(all(f["out_of_range_deblurred"] <= f["out_of_range_source"] for f in frames))
        # Without a correction, the limiter changes nothing.
        self.script("deblur-broadcast", "--deblur", "strength=0:" + weights, "--format", "prores", "in.mov", "none.mov")
        self.ffmpeg("-i", "in.mov", "-c:v", "prores_ks", "-profile:v", "hq", "-vendor", "apl0", "-pix_fmt", "yuv422p10le",
                    "plain.mov")
        self.assertEqual(self.hashes("none.mov"), self.hashes("plain.mov"))

    def test_errors(self):
        self.make_clip("small.mov", codec="prores_ks", pixel_format="yuv422p10le", frames=2)
        self.assertIn("96x64p at 25 frames/s is not one of 1920x1080i at 25",
                      self.broadcast("small.mov", "small.mxf", status=1))
        self.assertIn("is written to .mxf", self.broadcast("small.mov", "out.mov", status=1))
        self.assertIn("no such file", self.broadcast("nothing.mov", "out.mxf", status=1))
        (self.directory / "there.mov").touch()
        self.assertIn("--force", self.broadcast("--format", "prores", "small.mov", "there.mov", status=1))


if __name__ == "__main__":
    unittest.main()
