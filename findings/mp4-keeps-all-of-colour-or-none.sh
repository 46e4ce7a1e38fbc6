#!/usr/bin/env bash
# MP4 keeps matrix, primaries and transfer only where all three are known: FFmpeg writes all
# three in one box or none. FFV1, which has no colour of its own, comes back without the matrix that it was given alone.
# Matroska, which has a field for each, keeps it.
#
# Seen with PyAV 18.1.0, FFmpeg 8.1.2. Numbers as in ITU-T H.273: 1 is BT.709, 2 is unspecified.
#
# Output seen (primaries, transfer, matrix): mp4 (1, 1, 1) -> (1, 1, 1), mp4 (2, 2, 1) -> (2, 2, 2),
# mp4 (1, 2, 1) -> (2, 2, 2), mkv (2, 2, 1) -> (2, 2, 1), mkv (1, 2, 1) -> (1, 2, 1)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check av==18.1.0 numpy==2.4.6
cd "$folder"
env/bin/python - <<'PYTHON'
import av


def through(container, tags):
    with av.open(f"clip.{container}", "w") as file:
        stream = file.add_stream("ffv1", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        context = stream.codec_context
        context.color_primaries, context.color_trc, context.colorspace = tags
        frame = av.VideoFrame(64, 64, "yuv420p")
        frame.colorspace = tags[2]
        frame.pts = 0
        for packet in [*stream.encode(frame), *stream.encode()]:
            file.mux(packet)
    with av.open(f"clip.{container}") as file:
        context = file.streams.video[0].codec_context
        return int(context.color_primaries), int(context.color_trc), int(context.colorspace)


lost = (2, 2, 2)
expected = {("mp4", (1, 1, 1)): (1, 1, 1), ("mp4", (2, 2, 1)): lost, ("mp4", (1, 2, 1)): lost,
            ("mkv", (2, 2, 1)): (2, 2, 1), ("mkv", (1, 2, 1)): (1, 2, 1)}
seen = {case: through(*case) for case in expected}
for (container, tags), result in seen.items():
    print(container, tags, "->", result)
assert seen == expected
PYTHON
